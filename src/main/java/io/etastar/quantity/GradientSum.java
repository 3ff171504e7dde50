package io.etastar.quantity;

import io.etastar.tensor.RawArray;

/** Loss and gradient summed over samples. */
public final class GradientSum implements Sum<GradientSum> {
    private static final long serialVersionUID = 1L;

    private LossSum loss;
    private final RawArray gradient;

    /**
     * @param loss sums of loss, correct predictions and weights
     * @param gradient dL/dtheta summed over the samples, flat in layout order; shared
     */
    public GradientSum(LossSum loss, RawArray gradient) {
        this.loss = loss;
        this.gradient = gradient;
    }

    /** Sums of loss, correct predictions and weights. */
    public LossSum loss() {
        return loss;
    }

    /** The summed gradient; shared. */
    public RawArray gradient() {
        return gradient;
    }

    /** Adds {@code other} in place and returns this. */
    @Override
    public GradientSum merge(GradientSum other) {
        loss = loss.plus(other.loss);
        gradient.addInPlace(other.gradient);
        return this;
    }

    /** The mean gradient of a sample; a new array. */
    public double[] meanGradient() {
        double[] mean = gradient.toDoubles();
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= loss.samples();
        }
        return mean;
    }
}
