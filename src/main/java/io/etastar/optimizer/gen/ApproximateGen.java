package io.etastar.optimizer.gen;

import io.etastar.optimizer.BaseRule;
import io.etastar.optimizer.Objective;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.ParameterVectors;
import io.etastar.optimizer.State;
import io.etastar.optimizer.StepResult;
import io.etastar.quantity.Batch;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.settings.GenSettings;
import io.etastar.settings.OptimizerSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Generalized Newton's method by forward passes alone (Z. Bu, S. Xu, arXiv 2407.02772, algorithm 1).
 *
 * <p>Every {@code period} steps the losses of a summary batch at theta - x d, x = lr times -1, 0, 1 (and -2, 2 with five
 * points), are fitted by L(0) + a x^2 / 2 - b x. If the parabola is convex and falls along the step (a, b > 0) and fits
 * (R^2 above {@code fit}; of three points it is always 1), the target b / a, within half and twice the old rate, moves it:
 * lr = smoothing lr + (1 - smoothing) factor target, the factor the schedule's; else lr stays. The base rule advances once
 * a step.
 */
public final class ApproximateGen implements Optimizer {
    private static final String ESTIMATES = "estimates";
    private static final String REFUSED = "refused";
    private static final String RATE = "rate";
    private static final String BASE = "base";

    private final BaseRule base;
    private final OptimizerSpec spec;
    private final OptimizerSettings settings;
    private final GenSettings gen;
    private long estimates;
    private long refused;
    private double lr;

    public ApproximateGen(OptimizerSpec spec, BaseRule base) {
        this.base = base;
        this.spec = spec;
        settings = spec.settings();
        gen = settings.gen();
        lr = settings.lr();
    }

    @Override
    public StepResult step(Objective objective, double[] theta, long step) {
        GradientSum sum = objective.gradient(theta, step);
        double[] gradient = sum.meanGradient();
        double[] direction = base.direction(objective, gradient, theta, step);
        if (step % gen.period() == 0) {
            estimate(objective, theta, direction, step);
        }
        for (int p = 0; p < theta.length; p++) {
            theta[p] -= lr * direction[p];
        }
        return new StepResult(sum.loss(), ParameterVectors.euclidean(gradient), null);
    }

    private void estimate(Objective objective, double[] theta, double[] direction, long step) {
        int reach = gen.points() / 2;
        double[] rates = new double[gen.points()];
        for (int i = 0; i < rates.length; i++) {
            rates[i] = (i - reach) * lr;
        }
        Quantity<LossSum.Several> along = new Quantity.Losses(rates);
        Batch batch = new Batch.Summary(estimates++, step);
        LossSum[] sums =
                objective.evaluate(along, batch, Point.along(theta, direction)).losses();
        double[] losses = new double[rates.length];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = sums[i].meanLoss();
        }
        Parabola parabola = Parabola.through(rates, losses);
        if (!(parabola.a() > 0
                && parabola.b() > 0
                && parabola.fit() > gen.parabola().fit())) {
            refused++;
            return;
        }
        double target = Math.min(Math.max(parabola.b() / parabola.a(), lr / 2), 2 * lr);
        double next = gen.smoothing() * lr + (1 - gen.smoothing()) * spec.decay(step) * target;
        lr = Math.min(Math.max(next, gen.lowest()), gen.highest());
    }

    /** Estimates that were not taken: not convex, not falling, or a bad fit. */
    @Override
    public long noSolution() {
        return refused;
    }

    @Override
    public Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        state.put(ESTIMATES, State.count(estimates));
        state.put(REFUSED, State.count(refused));
        state.put(RATE, new double[] {lr});
        State.nest(state, BASE, base.state());
        return state;
    }

    @Override
    public void restore(Map<String, double[]> state) {
        long restoredEstimates = State.count(state, ESTIMATES);
        long restoredRefused = State.count(state, REFUSED);
        double[] rate = State.array(state, RATE, 1);
        base.restore(State.nested(state, BASE));
        lr = rate[0];
        estimates = restoredEstimates;
        refused = restoredRefused;
    }
}
