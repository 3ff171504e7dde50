package io.etastar.experiment;

import io.etastar.optimizer.Objective;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.HessianVectorSum;
import io.etastar.quantity.LossSum;
import io.etastar.tensor.RawArray;
import java.util.List;

/**
 * A function written down with its derivatives: one sample, one tensor {@code x}. Passes that are numbered by summary batches
 * see the function as the last gradient did.
 */
abstract class ClosedForm implements Objective {
    private final ParameterLayout layout;

    /** @param size P, the number of parameters */
    ClosedForm(int size) {
        layout = new ParameterLayout(List.of("x"), List.of(new int[] {size}));
    }

    /** Makes the function that of step {@code step}; asked again for the same step, the same function. */
    abstract void at(long step);

    /** The value at {@code x}. */
    abstract double value(double[] x);

    /** The gradient at {@code x} [P], new. */
    abstract double[] gradient(double[] x);

    /** Product of the Hessian at {@code x} with {@code v} [P], new. */
    abstract double[] product(double[] x, double[] v);

    /** Third derivative at {@code x} along {@code v}. */
    abstract double third(double[] x, double[] v);

    @Override
    public final ParameterLayout layout() {
        return layout;
    }

    @Override
    public final GradientSum gradient(double[] theta, long step) {
        at(step);
        return new GradientSum(loss(theta), RawArray.of(gradient(theta)));
    }

    private LossSum loss(double[] x) {
        return new LossSum(1, value(x), 0);
    }

    @Override
    public final DerivativeSummary summary(double[] theta, double[] direction, Partition partition, long index) {
        if (partition.size() != 1) {
            throw new IllegalArgumentException(partition.size() + " subsets of one tensor");
        }
        double[] g = {dot(gradient(theta), direction)};
        double[][] h = {{dot(product(theta, direction), direction)}};
        return new DerivativeSummary(1, value(theta), g, h, new double[] {third(theta, direction)});
    }

    @Override
    public final LossSum[] losses(double[] theta, double[] direction, double[] rates, long index) {
        LossSum[] losses = new LossSum[rates.length];
        for (int i = 0; i < rates.length; i++) {
            double[] point = theta.clone();
            for (int p = 0; p < point.length; p++) {
                point[p] -= rates[i] * direction[p];
            }
            losses[i] = loss(point);
        }
        return losses;
    }

    @Override
    public final HessianVectorSum hessianVector(double[] theta, double[] vector, long step) {
        at(step);
        return new HessianVectorSum(loss(theta), RawArray.of(product(theta, vector)));
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
