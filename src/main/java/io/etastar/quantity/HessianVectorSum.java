package io.etastar.quantity;

import io.etastar.tensor.RawArray;

/** Loss and a Hessian-vector product summed over samples. */
public final class HessianVectorSum implements Sum<HessianVectorSum> {
    private static final long serialVersionUID = 1L;

    private LossSum loss;
    private final RawArray product;

    /**
     * @param loss sums of loss, correct predictions and weights
     * @param product H v [P] with H the Hessian of the loss summed over the samples, flat in layout order; shared
     */
    public HessianVectorSum(LossSum loss, RawArray product) {
        this.loss = loss;
        this.product = product;
    }

    /** Sums of loss, correct predictions and weights. */
    public LossSum loss() {
        return loss;
    }

    /** The summed product; shared. */
    public RawArray product() {
        return product;
    }

    /** Adds {@code other} in place and returns this. */
    @Override
    public HessianVectorSum merge(HessianVectorSum other) {
        loss = loss.plus(other.loss);
        product.addInPlace(other.product);
        return this;
    }

    /** The product with the Hessian of the mean loss of a sample; a new array. */
    public double[] meanProduct() {
        double[] mean = product.toDoubles();
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= loss.samples();
        }
        return mean;
    }
}
