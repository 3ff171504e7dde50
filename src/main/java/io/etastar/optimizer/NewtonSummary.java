package io.etastar.optimizer;

import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.solve.EtaSolution;
import io.etastar.solve.EtaSolver;
import io.etastar.summary.DerivativeSummary;
import io.etastar.summary.GradientSum;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Steps theta_s - lr_s u_s with one solved learning rate per subset (P. Wolinski, arXiv 2312.03885).
 *
 * <p>Each step takes the direction u of a base rule on the training batch's mean gradient. Every {@code period} steps, from
 * the first on, a summary in that direction on the next summary batch is solved for eta*, which is smoothed, clipped and
 * damped into lr ({@link SmoothedRates}). A summary without a solution counts as eta* = 0. A subset whose rate is 0 is not
 * touched, whatever u holds there.
 */
final class NewtonSummary implements Optimizer {
    private static final String SMOOTHED = "smoothed_rates";
    private static final String SUMMARIES = "summaries";
    private static final String NO_SOLUTION = "no_solution";
    private static final String BASE = "base";

    private final BaseRule base;
    private final Partition partition;
    private final OptimizerSettings settings;
    private final SmoothedRates rates;
    private long summaries;
    private long noSolution;

    NewtonSummary(OptimizerSettings settings, BaseRule base, Partition partition) {
        this.base = base;
        this.partition = partition;
        this.settings = settings;
        rates = new SmoothedRates(settings.newton());
    }

    @Override
    public StepResult step(Objective objective, double[] theta, long step) {
        GradientSum sum = objective.gradient(theta, step);
        double[] gradient = sum.meanGradient();
        double[] direction = base.direction(gradient, theta);
        SummaryResult summary =
                step % settings.newton().period() == 0 ? summarise(objective, theta, direction, step) : null;
        move(theta, direction, inUse(step));
        return new StepResult(sum.loss(), Norms.euclidean(gradient), summary);
    }

    private SummaryResult summarise(Objective objective, double[] theta, double[] direction, long step) {
        long index = summaries++;
        DerivativeSummary mean =
                objective.summary(theta, direction, partition, index).mean();
        long start = System.nanoTime();
        EtaSolution solution = EtaSolver.solve(
                mean.g(), mean.h(), mean.order3(), settings.newton().dampingInt());
        double seconds = (System.nanoTime() - start) / 1e9;
        noSolution += solution.found() ? 0 : 1;
        rates.accept(solution, partition.size());
        return new SummaryResult(
                index,
                mean,
                solution.eta(),
                inUse(step),
                solution.r(),
                solution.solverCase().key(),
                seconds);
    }

    private double[] inUse(long step) {
        double[] used = rates.inUse(partition.size());
        double decay = settings.decay(step);
        for (int s = 0; s < used.length; s++) {
            used[s] *= decay;
        }
        return used;
    }

    private void move(double[] theta, double[] direction, double[] learningRates) {
        ParameterLayout layout = partition.layout();
        for (int tensor = 0; tensor < layout.count(); tensor++) {
            double lr = learningRates[partition.subsetOf(tensor)];
            int end = layout.offset(tensor) + layout.length(tensor);
            for (int p = layout.offset(tensor); p < end && lr != 0; p++) {
                theta[p] -= lr * direction[p];
            }
        }
    }

    @Override
    public long noSolution() {
        return noSolution;
    }

    @Override
    public Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        state.put(SUMMARIES, State.count(summaries));
        state.put(NO_SOLUTION, State.count(noSolution));
        if (rates.current() != null) {
            state.put(SMOOTHED, rates.current());
        }
        State.nest(state, BASE, base.state());
        return state;
    }

    @Override
    public void restore(Map<String, double[]> state) {
        long restoredSummaries = State.count(state, SUMMARIES);
        long restoredNoSolution = State.count(state, NO_SOLUTION);
        double[] smoothed = State.optional(state, SMOOTHED, partition.size());
        base.restore(State.nested(state, BASE));
        rates.restore(smoothed);
        summaries = restoredSummaries;
        noSolution = restoredNoSolution;
    }
}
