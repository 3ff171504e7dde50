package io.etastar.testing;

import io.etastar.optimizer.Objective;
import io.etastar.partition.Partition;
import io.etastar.quantity.Batch;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.DerivativeTensor;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.HessianVectorSum;
import io.etastar.quantity.KroneckerFactors;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.quantity.SymmetricIndices;

/** An objective of a test: a method for each quantity, on batches by number. What is not overridden is unknown. */
public interface MethodObjective extends Objective {
    @Override
    GradientSum gradient(double[] theta, long step);

    DerivativeSummary summary(double[] theta, double[] direction, Partition partition, long index);

    default LossSum[] losses(double[] theta, double[] direction, double[] rates, long index) {
        throw new UnsupportedOperationException(getClass().getName() + " has no losses along a direction");
    }

    default HessianVectorSum hessianVector(double[] theta, double[] vector, long step) {
        throw new UnsupportedOperationException(getClass().getName() + " has no Hessian-vector products");
    }

    default KroneckerFactors kroneckerFactors(double[] theta, long step, boolean sampled) {
        throw new UnsupportedOperationException(getClass().getName() + " has no Kronecker factors");
    }

    @Override
    default <T extends Sum<T>> T evaluate(Quantity<T> quantity, Batch batch, Point<double[]> point) {
        double[] theta = point.theta();
        double[] direction = point.direction();
        long number = batch.accept(new Number());
        return quantity.accept(new Quantity.Visitor() {
            @Override
            public <U extends Sum<U>> U other(Quantity<U> unknown) {
                throw new UnsupportedOperationException(
                        MethodObjective.this.getClass().getName() + " has no " + unknown.title());
            }

            @Override
            public GradientSum gradient(Quantity.Gradient gradient) {
                return MethodObjective.this.gradient(theta, number);
            }

            @Override
            public DerivativeSummary summary(Quantity.Summary summary) {
                return MethodObjective.this.summary(theta, direction, summary.partition(), number);
            }

            @Override
            public DerivativeTensor derivatives(Quantity.Derivatives derivatives) {
                if (derivatives.order() != 1) {
                    return other(derivatives);
                }
                GradientSum sum = MethodObjective.this.gradient(theta, number);
                Partition partition = derivatives.partition();
                double[] slopes = new double[partition.size()];
                for (int i = 0; i < partition.layout().count(); i++) {
                    int from = partition.layout().offset(i);
                    for (int p = from; p < from + partition.layout().length(i); p++) {
                        slopes[partition.subsetOf(i)] += sum.gradient().get(p) * direction[p];
                    }
                }
                return new DerivativeTensor(
                        sum.loss().samples(), sum.loss().loss(), new SymmetricIndices(slopes.length, 1), slopes);
            }

            @Override
            public LossSum.Several losses(Quantity.Losses losses) {
                return new LossSum.Several(MethodObjective.this.losses(theta, direction, losses.rates(), number));
            }

            @Override
            public HessianVectorSum hessianVector(Quantity.HessianVector product) {
                return MethodObjective.this.hessianVector(theta, direction, number);
            }

            @Override
            public KroneckerFactors factors(Quantity.Factors factors) {
                return MethodObjective.this.kroneckerFactors(theta, number, factors.sampled());
            }
        });
    }

    /** Number of a batch among those of its kind. */
    final class Number implements Batch.Visitor<Long> {
        @Override
        public Long step(Batch.Step batch) {
            return batch.step();
        }

        @Override
        public Long summary(Batch.Summary batch) {
            return batch.index();
        }

        @Override
        public Long other(Batch.Other batch) {
            return batch.step() + 1;
        }

        @Override
        public Long all() {
            return 0L;
        }
    }
}
