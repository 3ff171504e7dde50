package io.etastar.quantity;

import java.util.Arrays;

/**
 * All derivatives of order d in the learning rates, summed over samples: D[s_1, ..., s_d] = d^d f / deta_s_1 ... deta_s_d at
 * eta = 0, symmetric in its indices. A commutative monoid under {@link #merge} (to rounding), whose identity is {@link #zero}.
 *
 * <p>Derivatives, not Taylor coefficients: of order 1 it is g, of order 2 it is H, and order3 is the diagonal of order 3.
 * Every entry is stored once, for s_1 &lt;= ... &lt;= s_d in lexicographic order: C(S + d - 1, d) + 2 doubles.
 */
public final class DerivativeTensor implements Sum<DerivativeTensor> {
    private static final long serialVersionUID = 1L;
    private static final int HEAD = 2;

    private final int size;
    private final int order;
    private final double[] values;
    private transient SymmetricIndices indices;

    private DerivativeTensor(int size, int order, double[] values) {
        this.size = size;
        this.order = order;
        this.values = values;
    }

    /**
     * @param samples sum of the samples' weights
     * @param loss weighted sum of the samples' losses
     * @param indices order d and number of subsets S
     * @param entries by {@link SymmetricIndices#rank}, summed over samples; copied
     * @throws IllegalArgumentException if there are not as many entries as indices
     */
    public DerivativeTensor(double samples, double loss, SymmetricIndices indices, double[] entries) {
        this(indices.size(), indices.order(), new double[HEAD + indices.count()]);
        if (entries.length != indices.count()) {
            throw new IllegalArgumentException(entries.length + " entries for " + indices.count() + " indices");
        }
        values[0] = samples;
        values[1] = loss;
        System.arraycopy(entries, 0, values, HEAD, entries.length);
    }

    /** The sum over no sample. */
    public static DerivativeTensor zero(SymmetricIndices indices) {
        return new DerivativeTensor(0, 0, indices, new double[indices.count()]);
    }

    /** Number of subsets S. */
    public int size() {
        return size;
    }

    /** Order d. */
    public int order() {
        return order;
    }

    /** Sum of the samples' weights. */
    public double samples() {
        return values[0];
    }

    /** Sum of the samples' losses. */
    public double loss() {
        return values[1];
    }

    /** The indices of the entries, in their order. */
    public SymmetricIndices indices() {
        if (indices == null) {
            indices = new SymmetricIndices(size, order);
        }
        return indices;
    }

    /** All entries, lexicographic in s_1 &lt;= ... &lt;= s_d; a copy. */
    public double[] entries() {
        return Arrays.copyOfRange(values, HEAD, values.length);
    }

    /**
     * One entry.
     *
     * @param subsets d of them in any order; left as they are
     * @throws IllegalArgumentException if their number is not d, or one is not from 0 to S - 1
     */
    public double get(int... subsets) {
        int[] sorted = subsets.clone();
        Arrays.sort(sorted);
        return values[HEAD + indices().rank(sorted)];
    }

    /**
     * Adds {@code other} in place and returns this; {@code other} is left as it is.
     *
     * @throws IllegalArgumentException if orders or numbers of subsets differ
     */
    @Override
    public DerivativeTensor merge(DerivativeTensor other) {
        if (other.size != size || other.order != order) {
            throw new IllegalArgumentException("merging a tensor of order " + other.order + " over " + other.size
                    + " subsets into one of order " + order + " over " + size);
        }
        for (int i = 0; i < values.length; i++) {
            values[i] += other.values[i];
        }
        return this;
    }

    /** The tensor of an average sample: everything divided by {@link #samples()}, which becomes 1; a new object. */
    public DerivativeTensor mean() {
        double[] mean = values.clone();
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= values[0];
        }
        return new DerivativeTensor(size, order, mean);
    }
}
