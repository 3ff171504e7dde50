package io.etastar.optimizer;

import io.etastar.summary.GradientSum;
import java.util.Map;

/** theta - lr decay u, u the direction of a base rule: plain SGD, Adam and the like. */
final class FixedRate implements Optimizer {
    private final BaseRule base;
    private final OptimizerSettings settings;

    FixedRate(BaseRule base, OptimizerSettings settings) {
        this.base = base;
        this.settings = settings;
    }

    @Override
    public StepResult step(Objective objective, double[] theta, long step) {
        GradientSum sum = objective.gradient(theta, step);
        double[] gradient = sum.meanGradient();
        double[] direction = base.direction(objective, gradient, theta, step);
        double lr = settings.lr() * settings.decay(step);
        for (int p = 0; p < theta.length; p++) {
            theta[p] -= lr * direction[p];
        }
        return new StepResult(sum.loss(), Norms.euclidean(gradient), null);
    }

    @Override
    public Map<String, double[]> state() {
        return base.state();
    }

    @Override
    public void restore(Map<String, double[]> state) {
        base.restore(state);
    }
}
