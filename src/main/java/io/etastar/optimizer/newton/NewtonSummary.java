package io.etastar.optimizer.newton;

import io.etastar.optimizer.BaseRule;
import io.etastar.optimizer.FixedRate;
import io.etastar.optimizer.LocalSteps;
import io.etastar.optimizer.Objective;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.ParameterVectors;
import io.etastar.optimizer.State;
import io.etastar.optimizer.StepResult;
import io.etastar.optimizer.Subsets;
import io.etastar.optimizer.SummaryResult;
import io.etastar.partition.Partition;
import io.etastar.quantity.Batch;
import io.etastar.quantity.Curvature;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.PeriodSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.settings.NewtonSettings;
import io.etastar.settings.OptimizerSettings;
import io.etastar.solve.EtaSolution;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Steps theta_s - lr_s u_s with one solved learning rate per subset (P. Wolinski, arXiv 2312.03885).
 *
 * <p>Each step takes the direction u of a base rule on the training batch's mean gradient. Every {@code period} steps, from
 * the first on, a summary in that direction on the next summary batch, or an average over summaries ({@link
 * SummaryAverage}), is solved for eta* ({@link RateSolver}), which is smoothed, clipped and damped into lr ({@link
 * SmoothedRates}), within a bound ({@link RateBound}). During the first {@code warmup} summaries nothing is solved and nothing moves, and the base rule sees the
 * gradients of the summaries' steps alone. A subset whose rate is 0 is not touched, whatever u holds there.
 *
 * <p>If a summary is along the direction of the step before, it comes with the gradient, in one pass; the first one has no
 * step before it. In {@link #period} shards step by themselves with the rates of the last summary, and the summary that comes
 * back, along the shards' own first directions, gives the rates of the next period.
 */
public final class NewtonSummary implements Optimizer.Local {
    private static final String SMOOTHED = "smoothed_rates";
    private static final String SUMMARIES = "summaries";
    private static final String NO_SOLUTION = "no_solution";
    private static final String BASE = "base";
    private static final String AVERAGE = "average";
    private static final String PLATEAU = "plateau";
    private static final String BOUND = "bound";
    private static final String PREVIOUS = "previous_direction";
    private static final String WARM_UP = "warm-up";

    private final BaseRule base;
    private final Partition partition;
    private final OptimizerSpec spec;
    private final OptimizerSettings settings;
    private final NewtonSettings newton;
    private final Quantity.Summary quantity;
    private final SummaryAverage average;
    private final RateSolver solver;
    private final SmoothedRates rates;
    private final RateBound bound;
    private final Plateau plateau;
    private long summaries;
    private long noSolution;
    /** The last direction if the next step wants it, else null. */
    private double[] previous;

    public NewtonSummary(OptimizerSpec spec, BaseRule base, Partition partition) {
        this.base = base;
        this.partition = partition;
        this.spec = spec;
        settings = spec.settings();
        newton = settings.newton();
        quantity = new Quantity.Summary(partition, Curvature.of(newton.summary().curvature()));
        average = SummaryAverage.create(newton.average(), partition.size());
        solver = new RateSolver(newton);
        rates = new SmoothedRates(newton);
        bound = new RateBound(newton.smoothing().rateBound(), partition.size());
        plateau = new Plateau(newton.plateau());
    }

    @Override
    public StepResult step(Objective objective, double[] theta, long step) {
        // Without rates, if the step that would have made the first was skipped.
        boolean summarises = step % newton.summary().period() == 0 || !rates.known() && !warmsUp(step);
        if (summarises && previous != null) {
            return stepAfter(previous, objective, theta, step);
        }
        GradientSum sum = objective.gradient(theta, step);
        double[] gradient = sum.meanGradient();
        double norm = ParameterVectors.euclidean(gradient);
        if (!summarises && warmsUp(step)) {
            return new StepResult(sum.loss(), norm, null);
        }
        double[] direction = direction(objective, gradient, theta, step);
        SummaryResult summary = null;
        if (summarises) {
            long index = summaries++;
            DerivativeSummary derivatives =
                    objective.evaluate(quantity, new Batch.Summary(index, step), Point.along(theta, direction));
            double[] lengths = Subsets.norms(partition, direction);
            summary = derivatives.samples() == 0 ? null : solved(index, derivatives, lengths, step);
        }
        Subsets.move(partition, theta, direction, inUse(direction, step));
        return new StepResult(sum.loss(), norm, measured(objective, theta, direction, summary, step));
    }

    /** What the loss of the summary's batch has become: the decrease that its derivatives predict can be held against it. */
    private SummaryResult measured(
            Objective objective, double[] theta, double[] direction, SummaryResult summary, long step) {
        if (summary == null || summary.solution().eta() == null || !spec.measureDecrease()) {
            return summary;
        }
        Batch batch = new Batch.Summary(summary.index(), step);
        LossSum.Several after = objective.evaluate(new Quantity.Losses(0), batch, Point.along(theta, direction));
        return summary.after(after.losses()[0].meanLoss());
    }

    /** A step whose summary is along the direction of the step before. */
    private StepResult stepAfter(double[] before, Objective objective, double[] theta, long step) {
        long index = summaries++;
        Sum.Both<GradientSum, DerivativeSummary> both = objective.both(
                new Quantity.Gradient(),
                new Batch.Step(step),
                quantity,
                new Batch.Summary(index, step),
                Point.along(theta, before));
        Objective.weighted(both.first());
        previous = null;
        double[] gradient = both.first().meanGradient();
        double[] direction = direction(objective, gradient, theta, step);
        double[] lengths = Subsets.norms(partition, before);
        SummaryResult summary = both.second().samples() == 0 ? null : solved(index, both.second(), lengths, step);
        Subsets.move(partition, theta, direction, inUse(direction, step));
        return new StepResult(both.first().loss(), ParameterVectors.euclidean(gradient), summary);
    }

    private double[] direction(Objective objective, double[] gradient, double[] theta, long step) {
        double[] bare = base.direction(objective, gradient, theta, step);
        double[] direction = newton.summary().normalise() ? Subsets.normalised(partition, bare) : bare;
        if (newton.previousDirection() && (step + 1) % newton.summary().period() == 0) {
            previous = direction.clone();
        }
        return direction;
    }

    private boolean warmsUp(long step) {
        return step / newton.summary().period() < newton.average().warmup();
    }

    /** The first steps, without rates to make others by, are steps of all shards together. */
    @Override
    public List<StepResult> period(Objective.Sharded objective, double[] theta, long step, int count) {
        if (rates.current() == null || warmsUp(step)) {
            return List.of(stepIfWeighted(objective, theta, step));
        }
        boolean summarises = (step + count - 1) / newton.summary().period()
                > (step - 1) / newton.summary().period();
        double[][] used = new double[count][];
        for (int i = 0; i < count; i++) {
            used[i] = inUse(step + i);
        }
        LocalSteps.Move move = new BoundedSteps(
                new LocalSteps.Rates(used, newton.summary().normalise()),
                partition,
                bound.snapshot(),
                rates.undamped(partition.size()));
        LocalSteps steps =
                new LocalSteps(settings.base(), partition, move, new LocalSteps.Asked(summarises ? quantity : null, 0));
        long index = summaries;
        PeriodSum sum = objective.localSteps(steps, theta, base.state(), new Batch.Summary(index, step));
        List<StepResult> results = FixedRate.averaged(sum, theta, base);
        if (sum.summary() != null && sum.summary().samples() > 0) {
            summaries++;
            StepResult first = results.get(0);
            SummaryResult summary = solved(index, sum.summary(), sum.lengths(), step + count);
            results.set(0, new StepResult(first.loss(), first.gradientNorm(), summary));
        }
        return results;
    }

    /**
     * Steps of a shard within the bound, by the lengths of its own direction.
     *
     * @param free steps without it
     * @param eta undamped rates [S]
     */
    private record BoundedSteps(LocalSteps.Rates free, Partition partition, RateBound.Snapshot within, double[] eta)
            implements LocalSteps.Move {
        @Override
        public int steps() {
            return free.steps();
        }

        @Override
        public double[] along(Partition subsets, double[] direction) {
            return free.along(subsets, direction);
        }

        @Override
        public double[] rates(int i, double[] gradient, double[] along) {
            return shortened(free.rates(i, gradient, along), within.share(eta, Subsets.norms(partition, along)));
        }
    }

    private static double[] shortened(double[] rates, double share) {
        return share < 1 ? Arrays.stream(rates).map(rate -> share * rate).toArray() : rates;
    }

    /** Rates from a summary along a direction of these lengths in the subsets, in use from step {@code step} on. */
    private SummaryResult solved(long index, DerivativeSummary sum, double[] lengths, long step) {
        DerivativeSummary mean = sum.mean();
        bound.accept(mean, lengths);
        DerivativeSummary averaged = average.accept(mean);
        if (index < newton.average().warmup()) {
            return result(index, mean, new SummaryResult.Solution(null, Double.NaN, WARM_UP, 0), step);
        }
        long start = System.nanoTime();
        EtaSolution solution = solver.solve(averaged, newton.solve().dampingInt() * plateau.dampingInt());
        double seconds = (System.nanoTime() - start) / 1e9;
        noSolution += solution.found() ? 0 : 1;
        rates.accept(solution, partition.size(), step == 0);
        // Else a summary of nearly no curvature would be remembered for long.
        rates.shorten(bound.snapshot().share(rates.undamped(partition.size()), lengths));
        String solverCase = solution.solverCase().key();
        return result(index, mean, new SummaryResult.Solution(solution.eta(), solution.r(), solverCase, seconds), step);
    }

    private SummaryResult result(long index, DerivativeSummary mean, SummaryResult.Solution solution, long step) {
        return new SummaryResult(
                index, partition.groups(), mean, quantity.curvature(), solution, inUse(step), Double.NaN);
    }

    /** The rates of a step along {@code direction}. */
    private double[] inUse(double[] direction, long step) {
        double[] lengths = Subsets.norms(partition, direction);
        return shortened(inUse(step), bound.snapshot().share(rates.undamped(partition.size()), lengths));
    }

    private double[] inUse(long step) {
        return rates.inUse(partition.size(), plateau.damping() * spec.decay(step));
    }

    @Override
    public void endEpoch(double meanTrainingLoss) {
        plateau.endEpoch(meanTrainingLoss);
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
        if (previous != null) {
            state.put(PREVIOUS, previous.clone());
        }
        State.nest(state, BASE, base.state());
        State.nest(state, AVERAGE, average.state());
        State.nest(state, PLATEAU, plateau.state());
        State.nest(state, BOUND, bound.state());
        return state;
    }

    @Override
    public void restore(Map<String, double[]> state) {
        long restoredSummaries = State.count(state, SUMMARIES);
        long restoredNoSolution = State.count(state, NO_SOLUTION);
        double[] smoothed = State.optional(state, SMOOTHED, partition.size());
        average.restore(State.nested(state, AVERAGE));
        plateau.restore(State.nested(state, PLATEAU));
        bound.restore(State.nested(state, BOUND));
        base.restore(State.nested(state, BASE));
        previous = State.optional(state, PREVIOUS, partition.layout().size());
        rates.restore(smoothed);
        summaries = restoredSummaries;
        noSolution = restoredNoSolution;
    }
}
