package io.etastar.experiment;

import io.etastar.UserError;
import io.etastar.optimizer.Objective;
import io.etastar.partition.ParameterLayout;
import io.etastar.quantity.Batch;
import io.etastar.quantity.Curvature;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.HessianVectorSum;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.tensor.RawArray;
import java.util.List;

/** A function written down with its derivatives: one sample, one tensor {@code x}. */
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
    public final <T extends Sum<T>> T evaluate(Quantity<T> quantity, Batch batch, Point<double[]> point) {
        at(batch.step());
        return quantity.accept(new Values(point.theta(), point.direction()));
    }

    private LossSum loss(double[] x) {
        return new LossSum(1, value(x), 0);
    }

    /** The quantities at x along v. */
    private final class Values implements Quantity.Visitor {
        private final double[] x;
        private final double[] v;

        Values(double[] x, double[] v) {
            this.x = x;
            this.v = v;
        }

        @Override
        public <T extends Sum<T>> T other(Quantity<T> quantity) {
            throw new UnsupportedOperationException("a function of closed form has no " + quantity.title());
        }

        @Override
        public LossSum loss(Quantity.Loss quantity) {
            return ClosedForm.this.loss(x);
        }

        @Override
        public GradientSum gradient(Quantity.Gradient quantity) {
            return new GradientSum(ClosedForm.this.loss(x), RawArray.of(ClosedForm.this.gradient(x)));
        }

        @Override
        public DerivativeSummary summary(Quantity.Summary quantity) {
            if (quantity.curvature() != Curvature.HESSIAN) {
                throw new UserError(
                        UserError.Subject.setting("optimizer.curvature"),
                        quantity.curvature().key(),
                        "hessian for a function of closed form, which is no network with a loss");
            }
            if (quantity.partition().size() != 1) {
                throw new IllegalArgumentException(quantity.partition().size() + " subsets of one tensor");
            }
            double[] g = {dot(ClosedForm.this.gradient(x), v)};
            double[][] h = {{dot(product(x, v), v)}};
            return new DerivativeSummary(1, value(x), g, h, new double[] {third(x, v)});
        }

        @Override
        public LossSum.Several losses(Quantity.Losses quantity) {
            LossSum[] losses = new LossSum[quantity.rates().length];
            for (int i = 0; i < losses.length; i++) {
                double[] point = x.clone();
                for (int p = 0; p < point.length; p++) {
                    point[p] -= quantity.rates()[i] * v[p];
                }
                losses[i] = ClosedForm.this.loss(point);
            }
            return new LossSum.Several(losses);
        }

        @Override
        public HessianVectorSum hessianVector(Quantity.HessianVector quantity) {
            return new HessianVectorSum(ClosedForm.this.loss(x), RawArray.of(product(x, v)));
        }
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
