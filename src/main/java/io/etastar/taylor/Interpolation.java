package io.etastar.taylor;

import io.etastar.quantity.SymmetricIndices;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A symmetric tensor D of order d from d-th Taylor coefficients along C(S + d - 1, d) directions, as few as it has entries.
 *
 * <p>The directions are v_j = sum_s j_s u_s for the multi-indices j with |j| = d, that is, one for each entry i, and
 *
 * <pre>
 * D[i] = sum_j gamma_ij f_d(v_j),   f_d(v) = d-th Taylor coefficient of t -> L(theta + t v)
 * gamma_ij = 1 / (d^d prod_s j_s!) sum_{0 &lt; k &lt;= i} (-1)^|i-k| prod_s C(i_s, k_s) prod_{l &lt; j_s} (d k_s - l |k|)
 * </pre>
 *
 * <p>which vanishes unless j lives on the subsets of i: at most C(2d - 1, d) terms, 35 for d = 4. The sums are integers and are
 * taken exactly. Polarisation over the subsets of an index needs C(S + d, d) - 1 directions for the same entries (22 per cent
 * more for S = 18, d = 4), so this one is taken; its sums of |gamma_ij| f_d(v_j) stay within two digits for d &lt;= 4.
 *
 * <p>Source: A. Griewank, J. Utke, A. Walther, "Evaluating higher derivative tensors by forward propagation of univariate
 * Taylor series", Mathematics of Computation 69 (2000).
 */
final class Interpolation {
    /**
     * One direction's share in an entry.
     *
     * @param multiplicities j on the entry's own subsets
     * @param weight gamma_ij
     */
    private record Term(int[] multiplicities, double weight) {}

    private final SymmetricIndices indices;
    private final int order;
    /** Terms by the multiplicities of the entry's own subsets. */
    private final Map<List<Integer>, List<Term>> patterns = new HashMap<>();

    Interpolation(SymmetricIndices indices) {
        this.indices = indices;
        this.order = indices.order();
    }

    /**
     * The tensor's entries.
     *
     * @param coefficients f_d(v_j) [C(S + d - 1, d)] for the directions in the order of the indices
     * @return in the order of the indices; a new array
     */
    double[] entries(double... coefficients) {
        double[] entries = new double[indices.count()];
        int[] index = indices.first();
        for (int i = 0; i < entries.length; i++) {
            entries[i] = entry(index, coefficients);
            indices.next(index);
        }
        return entries;
    }

    private double entry(int[] index, double[] coefficients) {
        int[] subsets = Arrays.stream(index).distinct().toArray();
        int[] multiplicities = new int[subsets.length];
        int slot = 0;
        for (int s : index) {
            slot += s == subsets[slot] ? 0 : 1;
            multiplicities[slot]++;
        }
        double sum = 0;
        for (Term term : terms(multiplicities)) {
            sum += term.weight * coefficients[indices.rank(spread(subsets, term.multiplicities))];
        }
        return sum;
    }

    /** Every subset as often as its multiplicity says, in order. */
    private int[] spread(int[] subsets, int... multiplicities) {
        int[] index = new int[order];
        int at = 0;
        for (int s = 0; s < subsets.length; s++) {
            Arrays.fill(index, at, at + multiplicities[s], subsets[s]);
            at += multiplicities[s];
        }
        return index;
    }

    private List<Term> terms(int... i) {
        return patterns.computeIfAbsent(Arrays.stream(i).boxed().toList(), key -> {
            List<Term> terms = new ArrayList<>();
            SymmetricIndices own = new SymmetricIndices(i.length, order);
            int[] index = own.first();
            do {
                int[] j = new int[i.length];
                Arrays.stream(index).forEach(s -> j[s]++);
                double weight = weight(i, j);
                if (weight != 0) {
                    terms.add(new Term(j, weight));
                }
            } while (own.next(index));
            return terms;
        });
    }

    /** gamma_ij. */
    private double weight(int[] i, int... j) {
        BigInteger sum = BigInteger.ZERO;
        for (int[] k : below(i)) {
            int total = Arrays.stream(k).sum();
            BigInteger product = BigInteger.valueOf((order - total) % 2 == 0 ? 1 : -1);
            for (int s = 0; s < i.length && total > 0; s++) {
                product = product.multiply(binomial(i[s], k[s]));
                for (int l = 0; l < j[s]; l++) {
                    product = product.multiply(BigInteger.valueOf((long) order * k[s] - (long) l * total));
                }
            }
            sum = total > 0 ? sum.add(product) : sum;
        }
        BigInteger denominator = BigInteger.valueOf(order).pow(order);
        for (int multiplicity : j) {
            denominator = denominator.multiply(factorial(multiplicity));
        }
        BigInteger common = sum.gcd(denominator);
        return sum.signum() == 0
                ? 0
                : sum.divide(common).doubleValue() / denominator.divide(common).doubleValue();
    }

    /** All k with 0 <= k <= top. */
    private static List<int[]> below(int... top) {
        List<int[]> all = new ArrayList<>();
        int[] k = new int[top.length];
        int at = 0;
        while (at < top.length) {
            all.add(k.clone());
            at = 0;
            while (at < top.length && k[at] == top[at]) {
                k[at++] = 0;
            }
            if (at < top.length) {
                k[at]++;
            }
        }
        return all;
    }

    private static BigInteger binomial(int n, int k) {
        return factorial(n).divide(factorial(k).multiply(factorial(n - k)));
    }

    private static BigInteger factorial(int n) {
        BigInteger product = BigInteger.ONE;
        for (int i = 2; i <= n; i++) {
            product = product.multiply(BigInteger.valueOf(i));
        }
        return product;
    }
}
