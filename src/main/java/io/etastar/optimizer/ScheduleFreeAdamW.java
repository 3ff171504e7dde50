package io.etastar.optimizer;

import io.etastar.quantity.GradientSum;
import io.etastar.settings.BaseRuleSettings;
import io.etastar.settings.OptimizerSettings;
import io.etastar.settings.ScheduleFreeSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Schedule-Free AdamW (A. Defazio and others, arXiv 2405.15682, algorithm 1): steps of a sequence z with the gradient g at y, a point
 * between z and the average x of all z, which is evaluated and becomes the model.
 *
 * <p>At step t, from 1: v = beta2 v + (1 - beta2) g^2, d = g / (sqrt(v / (1 - beta2^t)) + epsilon) + weightDecay y, z = z - lr_t d,
 * x = (1 - c) x + c z, y = (1 - beta1) z + beta1 x. lr_t is lr, times t / warmupSteps before that; c = w_t / (w_1 + ... + w_t) with w_t
 * = t^power (max of lr_1 to lr_t)^lrPower. The parameters of the run are y.
 */
public final class ScheduleFreeAdamW implements Optimizer {
    private static final String ITERATE = "iterate";
    private static final String AVERAGE = "averaged_parameters";
    private static final String SECOND = "second_moment";
    private static final String WEIGHTS = "weights";
    private static final String STEPS = "steps";

    private final OptimizerSpec spec;
    private final ScheduleFreeSettings settings;
    private final double beta1;
    private final double beta2;
    private final double epsilon;
    private final double weightDecay;
    private final int size;

    /** z and x, null before the first step. */
    private double[] iterate;

    private double[] average;
    private double[] second;
    private double highestRate;
    private double sumOfWeights;
    private long steps;

    /** @param size P */
    public ScheduleFreeAdamW(OptimizerSpec spec, int size) {
        this.spec = spec;
        this.size = size;
        OptimizerSettings all = spec.settings();
        BaseRuleSettings base = all.base();
        settings = all.scheduleFree();
        beta1 = base.moments().beta1();
        beta2 = base.moments().beta2();
        epsilon = base.epsilonOr(BaseRules.EPSILON);
        weightDecay = base.weightDecay();
        second = new double[size];
    }

    @Override
    public StepResult step(Objective objective, double[] theta, long step) {
        GradientSum sum = objective.gradient(theta, step);
        double[] gradient = sum.meanGradient();
        if (iterate == null) {
            iterate = theta.clone();
            average = theta.clone();
        }
        steps++;
        double lr = spec.settings().lr() * spec.decay(step) * warmup();
        move(theta, gradient, lr, share(lr));
        return new StepResult(sum.loss(), ParameterVectors.euclidean(gradient), null);
    }

    private double warmup() {
        return steps < settings.warmupSteps() ? (double) steps / settings.warmupSteps() : 1;
    }

    /** The share c of the newest z in the average. */
    private double share(double lr) {
        highestRate = Math.max(highestRate, lr);
        double weight = Math.pow(steps, settings.power()) * Math.pow(highestRate, settings.lrPower());
        sumOfWeights += weight;
        return sumOfWeights > 0 ? weight / sumOfWeights : 0;
    }

    private void move(double[] theta, double[] gradient, double lr, double share) {
        double correction = 1 - Math.pow(beta2, steps);
        for (int p = 0; p < size; p++) {
            double g = gradient[p];
            second[p] = beta2 * second[p] + (1 - beta2) * g * g;
            iterate[p] -= lr * (g / (Math.sqrt(second[p] / correction) + epsilon) + weightDecay * theta[p]);
            average[p] += share * (iterate[p] - average[p]);
            theta[p] = (1 - beta1) * iterate[p] + beta1 * average[p];
        }
    }

    @Override
    public double[] averaged(double[] theta) {
        return average == null ? theta : average;
    }

    @Override
    public Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        state.put(SECOND, second.clone());
        state.put(WEIGHTS, new double[] {highestRate, sumOfWeights});
        state.put(STEPS, State.count(steps));
        if (iterate != null) {
            state.put(ITERATE, iterate.clone());
            state.put(AVERAGE, average.clone());
        }
        return state;
    }

    @Override
    public void restore(Map<String, double[]> state) {
        double[] restoredSecond = State.array(state, SECOND, size);
        double[] weights = State.array(state, WEIGHTS, 2);
        double[] restoredIterate = State.optional(state, ITERATE, size);
        double[] restoredAverage = State.optional(state, AVERAGE, size);
        steps = State.count(state, STEPS);
        highestRate = weights[0];
        sumOfWeights = weights[1];
        iterate = restoredIterate;
        average = restoredAverage;
        second = restoredSecond;
    }
}
