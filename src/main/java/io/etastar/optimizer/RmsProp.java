package io.etastar.optimizer;

import io.etastar.settings.BaseRuleSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Running mean square v of the gradient (T. Tieleman, G. Hinton, 2012), not centred, in PyTorch's form: with g' = g +
 * weightDecay theta, v = rho v + (1 - rho) g'^2 and u = momentum u + g' / (sqrt(v) + epsilon), both from 0.
 */
final class RmsProp implements BaseRule {
    private static final String SQUARE = "mean_square";
    private static final String VELOCITY = "velocity";

    private final double momentum;
    private final double rho;
    private final double weightDecay;
    private final double epsilon;
    private double[] square;
    private double[] velocity;

    RmsProp(BaseRuleSettings settings, int size) {
        momentum = settings.momentum().momentum();
        rho = settings.rho();
        weightDecay = settings.weightDecay();
        epsilon = settings.epsilonOr(BaseRules.EPSILON);
        square = new double[size];
        velocity = new double[size];
    }

    @Override
    public double[] direction(double[] meanGradient, double[] theta) {
        double[] decayed = ParameterVectors.decayed(meanGradient, theta, weightDecay);
        for (int p = 0; p < square.length; p++) {
            double g = decayed[p];
            square[p] = rho * square[p] + (1 - rho) * g * g;
            velocity[p] = momentum * velocity[p] + g / (Math.sqrt(square[p]) + epsilon);
        }
        return velocity;
    }

    @Override
    public Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        state.put(SQUARE, square.clone());
        state.put(VELOCITY, velocity.clone());
        return state;
    }

    @Override
    public void restore(Map<String, double[]> state) {
        double[] restored = State.array(state, SQUARE, square.length);
        velocity = State.array(state, VELOCITY, velocity.length);
        square = restored;
    }
}
