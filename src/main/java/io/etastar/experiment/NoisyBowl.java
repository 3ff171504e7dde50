package io.etastar.experiment;

import io.etastar.optimizer.Objective;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.StepResult;
import io.etastar.quantity.GradientSum;
import io.etastar.settings.ExperimentFile;
import java.util.Map;

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
}
