package io.etastar.optimizer.gen;

import io.etastar.optimizer.BaseRule;
import io.etastar.optimizer.Objective;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.ParameterVectors;
import io.etastar.optimizer.State;
import io.etastar.optimizer.StepResult;
import io.etastar.optimizer.Subsets;
import io.etastar.optimizer.SummaryResult;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Batch;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.settings.GenSettings;
import io.etastar.settings.OptimizerSettings;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Generalized Newton's method (Z. Bu, S. Xu, arXiv 2407.02772) from exact derivatives: along the direction d of a base rule
 * the learning rate is G'd / d'Hd, the minimum of the loss's second-order expansion, G and H those of a summary batch.
 *
 * <p>Kind exact has one rate for all parameters; kind subsets has one for each subset of the partition, G_s'd_s / d_s'H_ss
 * d_s, interactions left out. Every {@code period} steps the target, held within [lowest, highest], or {@code fallback}
 * if d'Hd is not positive, moves the rate: lr = smoothing lr + (1 - smoothing) target, the first as it is. The base rule
 * advances once a step.
 */
public final class Gen implements Optimizer {
    private static final String SUMMARIES = "summaries";
    private static final String RATES = "rates";
    private static final String NOT_CONVEX = "not_convex";
    private static final String BASE = "base";

    private final BaseRule base;
    private final Partition partition;
    private final OptimizerSpec spec;
    private final OptimizerSettings settings;
    private final GenSettings gen;
    private long summaries;
    private long notConvex;
    private double[] rates;

    /** @param partition of the parameters; kind exact takes its layout alone */
    public Gen(OptimizerSpec spec, BaseRule base, Partition partition) {
        this.base = base;
        this.spec = spec;
        settings = spec.settings();
        gen = settings.gen();
        this.partition = gen.kind().equals("subsets") ? partition : Partitions.parse("trivial", partition.layout());
    }

    @Override
    public StepResult step(Objective objective, double[] theta, long step) {
        GradientSum sum = objective.gradient(theta, step);
        double[] gradient = sum.meanGradient();
        double[] direction = base.direction(objective, gradient, theta, step);
        SummaryResult summary =
                step % gen.period() == 0 || rates == null ? estimate(objective, theta, direction, step) : null;
        Subsets.move(partition, theta, direction, inUse(step));
        return new StepResult(sum.loss(), ParameterVectors.euclidean(gradient), summary);
    }

    private SummaryResult estimate(Objective objective, double[] theta, double[] direction, long step) {
        long index = summaries++;
        Quantity<DerivativeSummary> derivatives = new Quantity.Summary(partition);
        DerivativeSummary sum =
                objective.evaluate(derivatives, new Batch.Summary(index, step), Point.along(theta, direction));
        if (sum.samples() == 0) {
            throw new Objective.NoWeight();
        }
        DerivativeSummary mean = sum.mean();
        double[] eta = new double[mean.size()];
        double[] next = new double[mean.size()];
        boolean convex = true;
        for (int s = 0; s < eta.length; s++) {
            double curvature = mean.h()[s][s];
            eta[s] = mean.g()[s] / curvature;
            convex &= curvature > 0;
            double target = curvature > 0
                    ? Math.min(Math.max(eta[s], gen.lowest()), gen.highest())
                    : gen.bounds().fallback();
            next[s] = rates == null ? target : gen.smoothing() * rates[s] + (1 - gen.smoothing()) * target;
        }
        rates = next;
        notConvex += convex ? 0 : 1;
        String solverCase = convex ? "convex" : "not-convex";
        SummaryResult.Solution solution = new SummaryResult.Solution(eta, Double.NaN, solverCase, 0);
        return new SummaryResult(index, partition.groups(), mean, solution, inUse(step), Double.NaN);
    }

    private double[] inUse(long step) {
        double factor = spec.decay(step);
        return Arrays.stream(rates).map(rate -> rate * factor).toArray();
    }

    /** Summaries in which the curvature of a direction was not positive. */
    @Override
    public long noSolution() {
        return notConvex;
    }

    @Override
    public Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        state.put(SUMMARIES, State.count(summaries));
        state.put(NOT_CONVEX, State.count(notConvex));
        if (rates != null) {
            state.put(RATES, rates.clone());
        }
        State.nest(state, BASE, base.state());
        return state;
    }

    @Override
    public void restore(Map<String, double[]> state) {
        double[] restored = State.optional(state, RATES, partition.size());
        long restoredSummaries = State.count(state, SUMMARIES);
        long restoredNotConvex = State.count(state, NOT_CONVEX);
        base.restore(State.nested(state, BASE));
        rates = restored;
        summaries = restoredSummaries;
        notConvex = restoredNotConvex;
    }
}
