package io.etastar.optimizer;

import io.etastar.settings.BaseRuleSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adam (D. Kingma, J. Ba, arXiv 1412.6980, algorithm 1): running means m of the gradient and v of its square, both corrected
 * for their start at 0, u = m / (sqrt(v) + epsilon).
 */
final class Adam implements BaseRule {
    private static final String FIRST = "first_moment";
    private static final String SECOND = "second_moment";
    private static final String STEPS = "steps";

    private final double beta1;
    private final double beta2;
    private final double epsilon;
    private double[] first;
    private double[] second;
    private long steps;

    Adam(BaseRuleSettings settings, int size) {
        this(settings.moments().beta1(), settings.moments().beta2(), settings.epsilonOr(BaseRules.EPSILON), size);
    }

    Adam(double beta1, double beta2, double epsilon, int size) {
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
        first = new double[size];
        second = new double[size];
    }

    @Override
    public double[] direction(double[] meanGradient, double[] theta) {
        steps++;
        double correction1 = 1 - Math.pow(beta1, steps);
        double correction2 = 1 - Math.pow(beta2, steps);
        double[] direction = new double[first.length];
        for (int p = 0; p < direction.length; p++) {
            double g = meanGradient[p];
            first[p] = beta1 * first[p] + (1 - beta1) * g;
            second[p] = beta2 * second[p] + (1 - beta2) * g * g;
            direction[p] = first[p] / correction1 / (Math.sqrt(second[p] / correction2) + epsilon);
        }
        return direction;
    }

    @Override
    public Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        state.put(FIRST, first.clone());
        state.put(SECOND, second.clone());
        state.put(STEPS, State.count(steps));
        return state;
    }

    @Override
    public void restore(Map<String, double[]> state) {
        double[] restoredFirst = State.array(state, FIRST, first.length);
        double[] restoredSecond = State.array(state, SECOND, second.length);
        steps = State.count(state, STEPS);
        first = restoredFirst;
        second = restoredSecond;
    }
}
