package io.etastar.quantity;

import io.etastar.UserError;
import java.util.Arrays;

/**
 * The indices s_1 &lt;= ... &lt;= s_d of a symmetric tensor of order d over S subsets, numbered in lexicographic order from 0:
 * C(S + d - 1, d) of them.
 */
public final class SymmetricIndices {
    /** Most indices that are counted out. */
    public static final int MOST = 1_000_000;

    private final int size;
    private final int order;
    /** Number of rising indices of r subsets among n, by r and n. */
    private final int[][] counts;

    /**
     * @param size S, at least 1
     * @param order d, at least 1
     * @throws UserError if the order is below 1 or there would be more than {@link #MOST} indices
     */
    public SymmetricIndices(int size, int order) {
        if (order < 1) {
            throw new UserError(UserError.Subject.of("order"), order, "at least 1");
        }
        if (count(size, order) > MOST) {
            throw new UserError(
                    UserError.Subject.of("order"),
                    order + " for " + size + " subsets, whose tensor has more than " + MOST + " entries C("
                            + (size + order - 1) + ", " + order + ")",
                    "fewer subsets or a lower order");
        }
        this.size = size;
        this.order = order;
        counts = new int[order + 1][size + 1];
        Arrays.fill(counts[0], 1);
        for (int r = 1; r <= order; r++) {
            for (int n = 1; n <= size; n++) {
                counts[r][n] = counts[r][n - 1] + counts[r - 1][n];
            }
        }
    }

    /** S. */
    public int size() {
        return size;
    }

    /** d. */
    public int order() {
        return order;
    }

    /** C(S + d - 1, d). */
    public int count() {
        return counts[order][size];
    }

    /** C(size + order - 1, order), or any number above {@link #MOST}. */
    private static long count(int size, int order) {
        // Both forms of the binomial coefficient rise factor by factor; the shorter one ends soon.
        long fewer = Math.min(order, size - 1);
        long more = Math.max(order, size - 1);
        long product = 1;
        for (long i = 1; i <= fewer && product <= MOST; i++) {
            product = product * (more + i) / i;
        }
        return product;
    }

    /**
     * The number of an index.
     *
     * @param sorted d subsets in rising order
     * @throws IllegalArgumentException if they are not
     */
    public int rank(int... sorted) {
        if (sorted.length != order) {
            throw new IllegalArgumentException(sorted.length + " subsets for order " + order);
        }
        int rank = 0;
        int before = 0;
        for (int i = 0; i < order; i++) {
            if (sorted[i] < before || sorted[i] >= size) {
                throw new IllegalArgumentException(
                        "subsets " + Arrays.toString(sorted) + ", expected rising ones below " + size);
            }
            rank += counts[order - i][size - before] - counts[order - i][size - sorted[i]];
            before = sorted[i];
        }
        return rank;
    }

    /** The first index, 0 ... 0; a new array. */
    public int[] first() {
        return new int[order];
    }

    /** Moves {@code index} on to the next one; false, with the array left alone, if it is the last. */
    public boolean next(int... index) {
        int at = order - 1;
        while (at >= 0 && index[at] == size - 1) {
            at--;
        }
        if (at < 0) {
            return false;
        }
        Arrays.fill(index, at, order, index[at] + 1);
        return true;
    }
}
