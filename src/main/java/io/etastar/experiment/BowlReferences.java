package io.etastar.experiment;

import io.etastar.optimizer.Objective;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.StepResult;
import io.etastar.quantity.GradientSum;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Methods of second order on a bowl whose Hessian is known, or is estimated in full. */
final class BowlReferences {
    static final String NAMES = "newton, levenberg-marquardt, bfgs";

    private BowlReferences() {}

    /** The method of that name, or null if there is none. */
    static @Nullable Optimizer create(String name, Bowl bowl) {
        return switch (name) {
            case "newton" -> new Newton(bowl);
            case "levenberg-marquardt" -> new LevenbergMarquardt(bowl);
            case "bfgs" -> new Bfgs(bowl.layout().size());
            default -> null;
        };
    }

    /** Steps from a gradient; their state is not kept. */
    private abstract static class Reference implements Optimizer {
        @Override
        public final StepResult step(Objective objective, double[] theta, long step) {
            GradientSum sum = objective.gradient(theta, step);
            double[] gradient = sum.meanGradient();
            move(theta, gradient);
            return new StepResult(sum.loss(), Math.sqrt(ClosedForm.dot(gradient, gradient)), null);
        }

        /** Changes theta by a step. */
        abstract void move(double[] theta, double[] gradient);

        static void subtract(double[] theta, double[] direction) {
            for (int p = 0; p < theta.length; p++) {
                theta[p] -= direction[p];
            }
        }

        @Override
        public final Map<String, double[]> state() {
            return Map.of();
        }

        @Override
        public final void restore(Map<String, double[]> state) {
            // There are no checkpoints of functions.
        }
    }

    /** theta - H^-1 g. */
    private static final class Newton extends Reference {
        private final double[] inverse;

        Newton(Bowl bowl) {
            inverse = bowl.inverse();
        }

        @Override
        void move(double[] theta, double[] gradient) {
            double[] direction = new double[theta.length];
            Bowl.multiply(inverse, gradient, direction);
            subtract(theta, direction);
        }
    }

    /**
     * theta - (H + mu I)^-1 g with mu, 1 at first, a tenth after a step that lowered the loss and else ten times as large, the step
     * being taken back; losses before and after a step are of the same centre.
     */
    private static final class LevenbergMarquardt extends Reference {
        private static final double FACTOR = 10;

        private final Bowl bowl;
        private double mu = 1;

        LevenbergMarquardt(Bowl bowl) {
            this.bowl = bowl;
        }

        @Override
        void move(double[] theta, double[] gradient) {
            double[] before = theta.clone();
            double loss = bowl.value(theta);
            double[] direction = new double[theta.length];
            bowl.solve(mu, gradient, direction);
            subtract(theta, direction);
            if (bowl.value(theta) < loss) {
                mu /= FACTOR;
            } else {
                mu *= FACTOR;
                System.arraycopy(before, 0, theta, 0, theta.length);
            }
        }
    }

    /**
     * theta - B g with B, the identity at first, by the formula of Broyden, Fletcher, Goldfarb and Shanno from the gradients of
     * consecutive steps, whose centres differ. A pair without positive curvature is left out.
     */
    private static final class Bfgs extends Reference {
        private final double[] inverse;
        private final double[] moved;
        private double @Nullable [] last;

        Bfgs(int size) {
            inverse = new double[size * size];
            moved = new double[size];
            for (int p = 0; p < size; p++) {
                inverse[p * size + p] = 1;
            }
        }

        @Override
        void move(double[] theta, double[] gradient) {
            if (last != null) {
                double[] change = gradient.clone();
                subtract(change, last);
                learn(change);
            }
            last = gradient;
            double[] direction = new double[theta.length];
            Bowl.multiply(inverse, gradient, direction);
            for (int p = 0; p < theta.length; p++) {
                moved[p] = -direction[p];
            }
            subtract(theta, direction);
        }

        /** B + (1 + y'By / s'y) ss' / s'y - (s (By)' + (By) s') / s'y. */
        private void learn(double[] y) {
            double curvature = ClosedForm.dot(moved, y);
            if (!(curvature > 0)) {
                return;
            }
            int size = y.length;
            double[] by = new double[size];
            Bowl.multiply(inverse, y, by);
            double factor = (1 + ClosedForm.dot(y, by) / curvature) / curvature;
            for (int row = 0; row < size; row++) {
                for (int column = 0; column < size; column++) {
                    double mixed = moved[row] * by[column] + by[row] * moved[column];
                    inverse[row * size + column] += factor * moved[row] * moved[column] - mixed / curvature;
                }
            }
        }
    }
}
