package io.etastar.quantity;

/**
 * Derivatives f(0), f'(0), ..., f^(d)(0) of f(t) = L(theta + t u) along one direction, summed over samples. A commutative
 * monoid under {@link #merge} (to rounding).
 */
public final class TaylorTerms implements Sum<TaylorTerms> {
    private static final long serialVersionUID = 1L;

    private double samples;
    private final double[] derivatives;

    /**
     * @param samples sum of the samples' weights
     * @param derivatives f^(k)(0) for k = 0 .. d, summed over samples, not divided by k!; copied
     */
    public TaylorTerms(double samples, double[] derivatives) {
        this.samples = samples;
        this.derivatives = derivatives.clone();
    }

    /** Order d. */
    public int order() {
        return derivatives.length - 1;
    }

    /** Sum of the samples' weights. */
    public double samples() {
        return samples;
    }

    /** f^(k)(0) for k = 0 .. d, of which the first is the loss; a copy. */
    public double[] derivatives() {
        return derivatives.clone();
    }

    /** f^(k)(0). */
    public double derivative(int k) {
        return derivatives[k];
    }

    /** The Taylor polynomial sum_k f^(k)(0) t^k / k!. */
    public double at(double t) {
        double value = 0;
        for (int k = order(); k >= 0; k--) {
            value = derivatives[k] + value * t / (k + 1);
        }
        return value;
    }

    /**
     * Adds {@code other} in place and returns this; {@code other} is left as it is.
     *
     * @throws IllegalArgumentException if the orders differ
     */
    @Override
    public TaylorTerms merge(TaylorTerms other) {
        if (other.order() != order()) {
            throw new IllegalArgumentException("merging terms up to order " + other.order() + " into " + order());
        }
        samples += other.samples;
        for (int k = 0; k < derivatives.length; k++) {
            derivatives[k] += other.derivatives[k];
        }
        return this;
    }

    /** The terms of an average sample: everything divided by {@link #samples()}; a new object. */
    public TaylorTerms mean() {
        TaylorTerms mean = new TaylorTerms(1, derivatives);
        for (int k = 0; k < derivatives.length; k++) {
            mean.derivatives[k] /= samples;
        }
        return mean;
    }
}
