package io.etastar.optimizer;

import io.etastar.quantity.GradientSum;
import io.etastar.settings.BaseRuleSettings;
import io.etastar.settings.DistanceSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adam with D-Adaptation (A. Defazio, K. Mishchenko, arXiv 2301.07733, algorithm 5): its step size is a lower bound d of the distance from
 * the start to a solution.
 *
 * <p>With g' = g + weightDecay theta, the step l = d lr and b = sqrt(beta2): r = b r + (1 - b) l g's / (sqrt(v) + epsilon), s = b s + (1 - b) l g', m =
 * beta1 m + (1 - beta1) l g', v = beta2 v + (1 - beta2) g'^2; then d is raised to r / ((1 - b) |s|_1), if that is more, and theta = theta - m / (sqrt(v)
 * + epsilon).
 */
public final class DAdaptedAdam implements Optimizer {
    private static final String FIRST = "first_moment";
    private static final String SECOND = "second_moment";
    private static final String SUM = "weighted_gradients";
    private static final String DISTANCE = "distance";
    private static final String STEPS = "steps";

    private final OptimizerSpec spec;
    private final DistanceSettings settings;
    private final double beta1;
    private final double beta2;
    private final double rootBeta2;
    private final double epsilon;
    private final double weightDecay;
    private final int size;

    private double[] first;
    private double[] second;
    private double[] sum;
    private double distance;
    private double numerator;
    private long steps;

    /** @param size P */
    public DAdaptedAdam(OptimizerSpec spec, int size) {
        this.spec = spec;
        this.size = size;
        settings = spec.settings().distance();
        BaseRuleSettings base = spec.settings().base();
        beta1 = base.moments().beta1();
        beta2 = base.moments().beta2();
        rootBeta2 = Math.sqrt(beta2);
        epsilon = base.epsilonOr(BaseRules.EPSILON);
        weightDecay = base.weightDecay();
        first = new double[size];
        second = new double[size];
        sum = new double[size];
        distance = settings.initial();
    }

    @Override
    public StepResult step(Objective objective, double[] theta, long step) {
        GradientSum gradients = objective.gradient(theta, step);
        double[] gradient = gradients.meanGradient();
        double lr = spec.settings().lr() * spec.decay(step);
        if (lr > 0) {
            double length = distance * lr * settings.correction(beta1, beta2, steps + 1);
            if (accept(ParameterVectors.decayed(gradient, theta, weightDecay), length)) {
                for (int p = 0; p < size; p++) {
                    theta[p] -= first[p] / (Math.sqrt(second[p]) + epsilon);
                }
                steps++;
            }
        }
        return new StepResult(gradients.loss(), ParameterVectors.euclidean(gradient), null);
    }

    /** Takes a gradient into the averages and raises d; whether any gradient so far was not 0. */
    private boolean accept(double[] gradient, double length) {
        double product = 0;
        double norm = 0;
        for (int p = 0; p < size; p++) {
            double g = gradient[p];
            product += g * sum[p] / (Math.sqrt(second[p]) + epsilon);
            first[p] = beta1 * first[p] + (1 - beta1) * length * g;
            second[p] = beta2 * second[p] + (1 - beta2) * g * g;
            sum[p] = rootBeta2 * sum[p] + (1 - rootBeta2) * length * g;
            norm += Math.abs(sum[p]);
        }
        if (norm == 0) {
            return false;
        }
        numerator = rootBeta2 * numerator + (1 - rootBeta2) * length * product;
        double estimate = numerator / ((1 - rootBeta2) * norm);
        distance = Math.max(distance, Math.min(estimate, distance * settings.growthOrUnbounded()));
        return true;
    }

    @Override
    public Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        state.put(FIRST, first.clone());
        state.put(SECOND, second.clone());
        state.put(SUM, sum.clone());
        state.put(DISTANCE, new double[] {distance, numerator});
        state.put(STEPS, State.count(steps));
        return state;
    }

    @Override
    public void restore(Map<String, double[]> state) {
        double[] restoredFirst = State.array(state, FIRST, size);
        double[] restoredSecond = State.array(state, SECOND, size);
        double[] restoredSum = State.array(state, SUM, size);
        double[] restoredDistance = State.array(state, DISTANCE, 2);
        steps = State.count(state, STEPS);
        first = restoredFirst;
        second = restoredSecond;
        sum = restoredSum;
        distance = restoredDistance[0];
        numerator = restoredDistance[1];
    }
}
