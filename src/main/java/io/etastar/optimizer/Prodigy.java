package io.etastar.optimizer;

import io.etastar.quantity.GradientSum;
import io.etastar.settings.BaseRuleSettings;
import io.etastar.settings.DistanceSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Prodigy (K. Mishchenko, A. Defazio, arXiv 2306.06101, algorithm 4): Adam whose step size is an estimate d of the distance from the start
 * theta_0 to a solution.
 *
 * <p>With the step l = d lr: r = beta3 r + l d / d_0 g'(theta_0 - theta), s = beta3 s + l d / d_0 g, m = beta1 m + (1 - beta1) d g, v = beta2 v + (1 -
 * beta2) d^2 g^2; then d is raised to factor r / |s|_1, if that is more, and theta = theta - l (m / (sqrt(v) + d epsilon) + weightDecay theta) with
 * the l of before.
 */
public final class Prodigy implements Optimizer {
    private static final String START = "start";
    private static final String FIRST = "first_moment";
    private static final String SECOND = "second_moment";
    private static final String SUM = "weighted_gradients";
    private static final String DISTANCE = "distance";
    private static final String STEPS = "steps";

    private final OptimizerSpec spec;
    private final DistanceSettings settings;
    private final double beta1;
    private final double beta2;
    private final double beta3;
    private final double epsilon;
    private final double weightDecay;
    private final int size;

    private double[] start;
    private double[] first;
    private double[] second;
    private double[] sum;
    private double distance;
    /** The highest estimate so far, which d approaches if its growth is bounded. */
    private double highest;

    private double numerator;
    private long steps;

    /** @param size P */
    public Prodigy(OptimizerSpec spec, int size) {
        this.spec = spec;
        this.size = size;
        settings = spec.settings().distance();
        BaseRuleSettings base = spec.settings().base();
        beta1 = base.moments().beta1();
        beta2 = base.moments().beta2();
        beta3 = settings.beta3Or(Math.sqrt(beta2));
        epsilon = base.epsilonOr(BaseRules.EPSILON);
        weightDecay = base.weightDecay();
        first = new double[size];
        second = new double[size];
        sum = new double[size];
        distance = settings.initial();
        highest = distance;
    }

    @Override
    public StepResult step(Objective objective, double[] theta, long step) {
        GradientSum gradients = objective.gradient(theta, step);
        double[] gradient = gradients.meanGradient();
        start = start == null ? theta.clone() : start;
        double lr = spec.settings().lr() * spec.decay(step);
        if (lr > 0) {
            double length = distance * lr * settings.correction(beta1, beta2, steps + 1);
            if (accept(gradient, theta, length)) {
                move(theta, length);
                steps++;
            }
        }
        return new StepResult(gradients.loss(), ParameterVectors.euclidean(gradient), null);
    }

    /** Takes a gradient into the averages and raises d; whether any gradient so far was not 0. */
    private boolean accept(double[] gradient, double[] theta, double length) {
        double scale = distance / settings.initial();
        double weight = scale * (settings.safeguardWarmup() ? distance : length);
        double product = 0;
        double norm = 0;
        for (int p = 0; p < size; p++) {
            double g = gradient[p];
            product += g * (start[p] - theta[p]);
            first[p] = beta1 * first[p] + (1 - beta1) * distance * g;
            second[p] = beta2 * second[p] + (1 - beta2) * distance * distance * g * g;
            sum[p] = beta3 * sum[p] + weight * g;
            norm += Math.abs(sum[p]);
        }
        if (norm == 0) {
            return false;
        }
        numerator = beta3 * numerator + scale * length * product;
        raise(settings.factor() * numerator / norm);
        return true;
    }

    private void raise(double estimate) {
        if (distance == settings.initial()) {
            distance = Math.max(distance, estimate);
        }
        highest = Math.max(highest, estimate);
        distance = Math.min(highest, distance * settings.growthOrUnbounded());
    }

    private void move(double[] theta, double length) {
        for (int p = 0; p < size; p++) {
            double direction = first[p] / (Math.sqrt(second[p]) + distance * epsilon);
            theta[p] -= length * (direction + weightDecay * theta[p]);
        }
    }

    @Override
    public Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        state.put(FIRST, first.clone());
        state.put(SECOND, second.clone());
        state.put(SUM, sum.clone());
        state.put(DISTANCE, new double[] {distance, highest, numerator});
        state.put(STEPS, State.count(steps));
        if (start != null) {
            state.put(START, start.clone());
        }
        return state;
    }

    @Override
    public void restore(Map<String, double[]> state) {
        double[] restoredFirst = State.array(state, FIRST, size);
        double[] restoredSecond = State.array(state, SECOND, size);
        double[] restoredSum = State.array(state, SUM, size);
        double[] restoredDistance = State.array(state, DISTANCE, 3);
        double[] restoredStart = State.optional(state, START, size);
        steps = State.count(state, STEPS);
        first = restoredFirst;
        second = restoredSecond;
        sum = restoredSum;
        start = restoredStart;
        distance = restoredDistance[0];
        highest = restoredDistance[1];
        numerator = restoredDistance[2];
    }
}
