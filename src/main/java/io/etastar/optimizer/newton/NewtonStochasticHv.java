package io.etastar.optimizer.newton;

import io.etastar.optimizer.Objective;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.ParameterVectors;
import io.etastar.optimizer.State;
import io.etastar.optimizer.StepResult;
import io.etastar.quantity.Batch;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.settings.OptimizerSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Newton's direction learned by stochastic descent: d -= lrDirection (H d + ridge d - G), then theta -= lr d, with G and H d
 * of the step's batch at theta before the step; d begins as the first G. The fixed point of d is (H + ridge I)^-1 G.
 */
public final class NewtonStochasticHv implements Optimizer {
    private static final String DIRECTION = "direction";

    private final OptimizerSpec spec;
    private final OptimizerSettings settings;
    private final int size;
    private double[] direction;

    public NewtonStochasticHv(OptimizerSpec spec, int size) {
        this.spec = spec;
        settings = spec.settings();
        this.size = size;
    }

    @Override
    public StepResult step(Objective objective, double[] theta, long step) {
        GradientSum sum = objective.gradient(theta, step);
        double[] gradient = sum.meanGradient();
        direction = direction == null ? gradient.clone() : direction;
        Point<double[]> point = Point.along(theta, direction);
        double[] product = objective
                .evaluate(new Quantity.HessianVector(), new Batch.Step(step), point)
                .meanProduct();
        double rate = settings.rate().lrDirection();
        double ridge = settings.newton().solve().ridge();
        double lr = settings.lr() * spec.decay(step);
        for (int p = 0; p < theta.length; p++) {
            direction[p] -= rate * (product[p] + ridge * direction[p] - gradient[p]);
            theta[p] -= lr * direction[p];
        }
        return new StepResult(sum.loss(), ParameterVectors.euclidean(gradient), null);
    }

    @Override
    public Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        if (direction != null) {
            state.put(DIRECTION, direction.clone());
        }
        return state;
    }

    @Override
    public void restore(Map<String, double[]> state) {
        direction = State.optional(state, DIRECTION, size);
    }
}
