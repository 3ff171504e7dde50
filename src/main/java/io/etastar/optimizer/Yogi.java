package io.etastar.optimizer;

import io.etastar.settings.BaseRuleSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adam with a second moment that changes by no more than the squared gradient (M. Zaheer and others, NeurIPS 2018): with g' = g
 * + weightDecay theta, m = beta1 m + (1 - beta1) g', v = v - (1 - beta2) sign(v - g'^2) g'^2, u = m / (sqrt(v) + epsilon).
 * Both start at 0 and are not corrected for it.
 */
final class Yogi implements BaseRule {
    static final double EPSILON = 1e-3;

    private static final String FIRST = "first_moment";
    private static final String SECOND = "second_moment";

    private final double beta1;
    private final double beta2;
    private final double weightDecay;
    private final double epsilon;
    private double[] first;
    private double[] second;

    Yogi(BaseRuleSettings settings, int size) {
        beta1 = settings.moments().beta1();
        beta2 = settings.moments().beta2();
        weightDecay = settings.weightDecay();
        epsilon = settings.epsilonOr(EPSILON);
        first = new double[size];
        second = new double[size];
    }

    @Override
    public double[] direction(double[] meanGradient, double[] theta) {
        double[] decayed = ParameterVectors.decayed(meanGradient, theta, weightDecay);
        double[] direction = new double[first.length];
        for (int p = 0; p < direction.length; p++) {
            double g = decayed[p];
            first[p] = beta1 * first[p] + (1 - beta1) * g;
            second[p] -= (1 - beta2) * Math.signum(second[p] - g * g) * g * g;
            direction[p] = first[p] / (Math.sqrt(second[p]) + epsilon);
        }
        return direction;
    }

    @Override
    public Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        state.put(FIRST, first.clone());
        state.put(SECOND, second.clone());
        return state;
    }

    @Override
    public void restore(Map<String, double[]> state) {
        double[] restored = State.array(state, FIRST, first.length);
        second = State.array(state, SECOND, second.length);
        first = restored;
    }
}
