package io.etastar.experiment;

import io.etastar.data.Permutation;
import io.etastar.optimizer.Objective;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.StepResult;
import io.etastar.optimizer.lodo.RandomOrthogonal;
import io.etastar.quantity.GradientSum;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The noisy quadratic bowl of arXiv 2210.06171; the reference {@code newton} takes steps H^-1 g with the known H. */
final class NoisyBowl extends ClosedFormExperiment {
    private final int size;
    private final double least;
    private final double sigma;

    NoisyBowl(ExperimentFile file, RunContext context) {
        super(file, context);
        size = file.integer("dimension");
        least = file.number("least_eigenvalue");
        sigma = file.number("sigma");
    }

    @Override
    ClosedForm function(long seed) {
        return new Bowl(size, least, sigma, seed);
    }

    @Override
    double[] start() {
        return new double[size];
    }

    @Override
    String references() {
        return "newton";
    }

    @Override
    @Nullable
    Optimizer reference(String name, ClosedForm function) {
        return name.equals("newton") ? new ExactNewton(((Bowl) function).inverse()) : null;
    }

    /** theta - H^-1 g. */
    private record ExactNewton(double[] inverse) implements Optimizer {
        @Override
        public StepResult step(Objective objective, double[] theta, long step) {
            GradientSum sum = objective.gradient(theta, step);
            double[] gradient = sum.meanGradient();
            double[] direction = new double[theta.length];
            Bowl.multiply(inverse, gradient, direction);
            for (int p = 0; p < theta.length; p++) {
                theta[p] -= direction[p];
            }
            return new StepResult(sum.loss(), Math.sqrt(ClosedForm.dot(gradient, gradient)), null);
        }

        @Override
        public Map<String, double[]> state() {
            return Map.of();
        }

        @Override
        public void restore(Map<String, double[]> state) {
            // Nothing is kept from step to step.
        }
    }

    /**
     * L(x) = (x - c)' H (x - c) / 2 with H = Q diag(lambda) Q', Q a random rotation, lambda in geometric progression up to 1. The
     * centre c starts at 0 and is moved by N(0, sigma^2 I) whenever a new step asks for it.
     */
    static final class Bowl extends ClosedForm {
        private final int size;
        private final double sigma;
        private final Random moves;
        private final double[] q;
        private final double[] eigenvalues;
        private final double[] h;
        private final double[] centre;
        private final double[] offset;
        private final double[] slope;
        private long step = -1;

        /**
         * @param size P
         * @param least smallest eigenvalue
         * @param sigma standard deviation of a move in each coordinate
         * @param seed of rotation and moves
         */
        Bowl(int size, double least, double sigma, long seed) {
            super(size);
            this.size = size;
            this.sigma = sigma;
            moves = new Random(Permutation.mix(seed, 1));
            q = RandomOrthogonal.draw(size, new Random(Permutation.mix(seed, 2)));
            eigenvalues = new double[size];
            for (int i = 0; i < size; i++) {
                eigenvalues[i] = size == 1 ? 1 : Math.pow(least, 1 - i / (size - 1.0));
            }
            h = power(1);
            centre = new double[size];
            offset = new double[size];
            slope = new double[size];
        }

        /** H^-1, row-major [P, P], new. */
        double[] inverse() {
            return power(-1);
        }

        private double[] power(int exponent) {
            double[] power = new double[size * size];
            for (int i = 0; i < size; i++) {
                double eigenvalue = Math.pow(eigenvalues[i], exponent);
                for (int row = 0; row < size; row++) {
                    double factor = eigenvalue * q[i * size + row];
                    for (int column = 0; column < size; column++) {
                        power[row * size + column] += factor * q[i * size + column];
                    }
                }
            }
            return power;
        }

        @Override
        void at(long asked) {
            if (asked < step) {
                throw new IllegalArgumentException(
                        "step " + asked + " after step " + step + ": the centre only moves on");
            }
            for (; step < asked; step++) {
                for (int i = 0; i < size; i++) {
                    centre[i] += sigma * moves.nextGaussian();
                }
            }
        }

        @Override
        double value(double[] x) {
            slope(x);
            return dot(offset, slope) / 2;
        }

        @Override
        double[] gradient(double[] x) {
            slope(x);
            return slope.clone();
        }

        private void slope(double[] x) {
            for (int i = 0; i < size; i++) {
                offset[i] = x[i] - centre[i];
            }
            multiply(h, offset, slope);
        }

        @Override
        double[] product(double[] x, double[] v) {
            double[] product = new double[size];
            multiply(h, v, product);
            return product;
        }

        @Override
        double third(double[] x, double[] v) {
            return 0;
        }

        /** {@code result} = {@code matrix} {@code v} for a symmetric matrix [P, P], which is summed over its columns. */
        static void multiply(double[] matrix, double[] v, double[] result) {
            int size = v.length;
            Arrays.fill(result, 0);
            for (int i = 0; i < size; i++) {
                double factor = v[i];
                int row = i * size;
                for (int j = 0; j < size; j++) {
                    result[j] += factor * matrix[row + j];
                }
            }
        }
    }
}
