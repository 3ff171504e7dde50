package io.etastar.quantity;

import java.util.Arrays;

/**
 * Loss and its derivatives in the learning rates, summed over samples: a commutative monoid under {@link #merge} (to
 * rounding), whose identity is {@link #zero}.
 *
 * <p>Stored flat as S^2 + 2S + 2 doubles: samples, loss, g, order3, H by rows. Notation and signs are the package's.
 */
public final class DerivativeSummary implements Sum<DerivativeSummary> {
    private static final long serialVersionUID = 2L;
    private static final int HEAD = 2;

    private final int size;
    private final double[] values;

    private DerivativeSummary(int size, double[] values) {
        this.size = size;
        this.values = values;
    }

    /**
     * @param samples sum of the samples' weights
     * @param loss weighted sum of the samples' losses
     * @param g first derivatives, [S], summed over samples; copied
     * @param h second derivatives, [S][S], symmetric, summed over samples; copied
     * @param order3 diagonal third derivatives, [S], summed over samples; copied
     * @throws IllegalArgumentException if the sizes differ
     */
    public DerivativeSummary(double samples, double loss, double[] g, double[][] h, double[] order3) {
        this(g.length, new double[length(g.length)]);
        if (h.length != size || order3.length != size) {
            throw new IllegalArgumentException(
                    "g [" + size + "], H [" + h.length + "][], order3 [" + order3.length + "]: sizes differ");
        }
        values[0] = samples;
        values[1] = loss;
        System.arraycopy(g, 0, values, HEAD, size);
        System.arraycopy(order3, 0, values, HEAD + size, size);
        for (int s = 0; s < size; s++) {
            if (h[s].length != size) {
                throw new IllegalArgumentException(
                        "row " + s + " of H has " + h[s].length + " entries, expected " + size);
            }
            System.arraycopy(h[s], 0, values, row(s), size);
        }
    }

    /** The sum over no sample, for {@code size} subsets. */
    public static DerivativeSummary zero(int size) {
        return new DerivativeSummary(size, new double[length(size)]);
    }

    private static int length(int size) {
        return Math.addExact(Math.multiplyExact(size, size), 2 * size + HEAD);
    }

    private int row(int s) {
        return HEAD + (2 + s) * size;
    }

    /** Number of subsets S. */
    public int size() {
        return size;
    }

    /** Sum of the samples' weights. */
    public double samples() {
        return values[0];
    }

    /** Sum of the samples' losses. */
    public double loss() {
        return values[1];
    }

    /** g [S]; a copy. */
    public double[] g() {
        return slice(HEAD);
    }

    /** H [S][S]; a copy. */
    public double[][] h() {
        double[][] h = new double[size][];
        for (int s = 0; s < size; s++) {
            h[s] = slice(row(s));
        }
        return h;
    }

    /** order3 [S]; a copy. */
    public double[] order3() {
        return slice(HEAD + size);
    }

    private double[] slice(int from) {
        return Arrays.copyOfRange(values, from, from + size);
    }

    /**
     * Adds {@code other} in place and returns this; {@code other} is left as it is.
     *
     * @throws IllegalArgumentException if the numbers of subsets differ
     */
    @Override
    public DerivativeSummary merge(DerivativeSummary other) {
        if (other.size != size) {
            throw new IllegalArgumentException("merging a summary of " + other.size + " subsets into one of " + size);
        }
        for (int i = 0; i < values.length; i++) {
            values[i] += other.values[i];
        }
        return this;
    }

    /** The summary of an average sample: everything divided by {@link #samples()}, which becomes 1; a new object. */
    public DerivativeSummary mean() {
        DerivativeSummary mean = copy();
        for (int i = 0; i < values.length; i++) {
            mean.values[i] /= values[0];
        }
        return mean;
    }

    /**
     * share of these derivatives and 1 - share of {@code other}'s, a new object; samples and loss are this one's.
     *
     * @throws IllegalArgumentException if the numbers of subsets differ
     */
    public DerivativeSummary mix(double share, DerivativeSummary other) {
        if (other.size != size) {
            throw new IllegalArgumentException("mixing a summary of " + other.size + " subsets into one of " + size);
        }
        DerivativeSummary mixed = copy();
        for (int i = HEAD; i < values.length; i++) {
            mixed.values[i] = share * values[i] + (1 - share) * other.values[i];
        }
        return mixed;
    }

    /** This summary with other third derivatives [S], copied; a new object. */
    public DerivativeSummary withOrder3(double[] order3) {
        DerivativeSummary changed = copy();
        System.arraycopy(order3, 0, changed.values, HEAD + size, size);
        return changed;
    }

    /** This summary with zeros for all derivatives in the rates of the subsets that {@code left} marks [S]; a new object. */
    public DerivativeSummary without(boolean[] left) {
        DerivativeSummary changed = copy();
        for (int s = 0; s < size; s++) {
            for (int t = 0; t < size; t++) {
                changed.values[row(s) + t] = left[s] || left[t] ? 0 : values[row(s) + t];
            }
            changed.values[HEAD + s] = left[s] ? 0 : values[HEAD + s];
            changed.values[HEAD + size + s] = left[s] ? 0 : values[HEAD + size + s];
        }
        return changed;
    }

    /** The derivatives alone, g, order3 and H by rows, as averages are stored; a copy. */
    public double[] derivatives() {
        return Arrays.copyOfRange(values, HEAD, values.length);
    }

    /** Length of {@link #derivatives()} for {@code size} subsets. */
    public static int derivatives(int size) {
        return length(size) - HEAD;
    }

    /**
     * The mean summary that {@link #derivatives()} was of, over one sample of unknown loss (NaN).
     *
     * @param derivatives copied
     * @throws IllegalArgumentException if there are fewer or more than those of {@code size} subsets
     */
    public static DerivativeSummary ofDerivatives(int size, double[] derivatives) {
        DerivativeSummary mean = zero(size);
        if (derivatives.length != mean.values.length - HEAD) {
            throw new IllegalArgumentException(
                    derivatives.length + " derivatives, expected those of " + size + " subsets");
        }
        mean.values[0] = 1;
        mean.values[1] = Double.NaN;
        System.arraycopy(derivatives, 0, mean.values, HEAD, derivatives.length);
        return mean;
    }

    /** An independent copy. */
    public DerivativeSummary copy() {
        return new DerivativeSummary(size, values.clone());
    }
}
