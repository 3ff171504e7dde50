package io.etastar.optimizer;

import io.etastar.settings.BaseRuleSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adam with Nesterov's momentum (T. Dozat, ICLR 2016 workshop) and decoupled weight decay (I. Loshchilov, F. Hutter, arXiv
 * 1711.05101). At step t the share of the first moment is mu_t = beta1 (1 - 0.96^(t momentumDecay) / 2), M_t is the product of
 * mu_1 to mu_t, and u = ((1 - mu_t) / (1 - M_t) g + mu_(t+1) / (1 - M_(t+1)) m) / (sqrt(v^) + epsilon) + weightDecay theta, with Adam's m
 * and v^.
 */
final class NAdamW implements BaseRule {
    private static final String FIRST = "first_moment";
    private static final String SECOND = "second_moment";
    private static final String PRODUCT = "momentum_product";
    private static final String STEPS = "steps";

    private final double beta1;
    private final double beta2;
    private final double momentumDecay;
    private final double epsilon;
    private final double weightDecay;
    private double[] first;
    private double[] second;
    private double product = 1;
    private long steps;

    NAdamW(BaseRuleSettings settings, int size) {
        beta1 = settings.moments().beta1();
        beta2 = settings.moments().beta2();
        momentumDecay = settings.moments().momentumDecay();
        epsilon = settings.epsilonOr(BaseRules.EPSILON);
        weightDecay = settings.weightDecay();
        first = new double[size];
        second = new double[size];
    }

    @Override
    public double[] direction(double[] meanGradient, double[] theta) {
        steps++;
        double share = share(steps);
        double next = share(steps + 1);
        product *= share;
        double ofGradient = (1 - share) / (1 - product);
        double ofMoment = next / (1 - product * next);
        double correction = 1 - Math.pow(beta2, steps);
        double[] direction = new double[first.length];
        for (int p = 0; p < direction.length; p++) {
            double g = meanGradient[p];
            first[p] = beta1 * first[p] + (1 - beta1) * g;
            second[p] = beta2 * second[p] + (1 - beta2) * g * g;
            double root = Math.sqrt(second[p] / correction) + epsilon;
            direction[p] = (ofGradient * g + ofMoment * first[p]) / root + weightDecay * theta[p];
        }
        return direction;
    }

    private double share(long step) {
        return beta1 * (1 - 0.5 * Math.pow(0.96, step * momentumDecay));
    }

    @Override
    public Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        state.put(FIRST, first.clone());
        state.put(SECOND, second.clone());
        state.put(PRODUCT, new double[] {product});
        state.put(STEPS, State.count(steps));
        return state;
    }

    @Override
    public void restore(Map<String, double[]> state) {
        double[] restoredFirst = State.array(state, FIRST, first.length);
        double[] restoredSecond = State.array(state, SECOND, second.length);
        double restoredProduct = State.array(state, PRODUCT, 1)[0];
        steps = State.count(state, STEPS);
        product = restoredProduct;
        first = restoredFirst;
        second = restoredSecond;
    }
}
