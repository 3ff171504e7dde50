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
import io.etastar.quantity.DerivativeTensor;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.PeriodSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.settings.NewtonSettings;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Steps theta_s - c_t q e_s u_s / |u| along the direction u of a base rule, whose lengths e_s are solved: newton-summary without a
 * schedule.
 *
 * <p>A summary is taken at steps 0, 1, 2, 4, ... and then every {@code period} steps: g over the step's batch, H and order3
 * over a tenth of its rows, at least 100. For S > 8 subsets, summaries after the first take 8 / S of these rows. The derivatives are
 * those in the units of the direction's length, g_s / |u|, H_st / |u|^2 and D_s =
 * |order3_s|^(1/3) / |u|; the plain means over all summaries so far are solved: lengths of directions change tenfold within tens of steps, what is
 * left changes slowly. Short steps let the curvature grow, which makes them shorter still; means that do not forget hold against
 * that. {@link LengthSolver} gives e.
 *
 * <p>q is the share of the decrease e'g promised by the rows that u was made from that other rows confirm: the slopes along u are
 * measured on them in a pass of its own, and both sums go over all summaries so far. Without {@code confirm}, the default along
 * Muon's direction with batch norm, q is 1 and there is no such pass: where each batch has statistics of its own, other rows confirm
 * little from the first step on, but steps that are not shortened end lower and test better (docs/design-notes.md). c_t = c (1 + 20 / (20 + t)) at
 * step t, c being {@code damping}. A batch whose own slope along the step, the sum of e_s g_s / |u|, is k > 3 times the usual one, that of the
 * means, takes a step 3 / k as long.
 *
 * <p>In {@link #period} shards step by themselves with the lengths of the last solution, each along its own u_i of length 1. The summary of
 * a period, due if one of its steps would make one, is the sum over shards along their own first directions, on rows of their own, and gives the
 * lengths of the next period. It differs in three ways from that of a step of all shards: what is promised is the decrease of the
 * shards' own losses, so is what other rows, of the same shard, confirm, and both are of directions that were made from a shard's
 * part of the batch alone, with more noise. The more shards, the smaller q is. Each shard shortens its steps by its own slope. In the
 * results, directions have length 1, and rates are lengths.
 */
public final class SolvedLengths implements Optimizer.Local {
    /** Name in states, and of the solver's case. */
    private static final String LENGTHS = "lengths";

    private static final String SUMMARIES = "summaries";
    private static final String NO_SOLUTION = "no_solution";
    private static final String AVERAGED = "averaged_summaries";
    private static final String MEAN = "mean";
    private static final String SHARES = "shares";
    private static final String BASE = "base";

    /**
     * The rows of a batch that H and order3 are taken over, and as many others that the promised decrease is checked on. What is promised comes
     * with the gradient; curvatures vary less from row to row than slopes do, and are averaged over summaries. So early summaries of
     * large batches, several of which come within the first steps, cost a few gradients in place of many.
     */
    static final Batch.Part PART = new Batch.Part(0.1, 100);

    /**
     * So many subsets have all summaries over {@link #PART}. A row's summary costs about as many products as there are subsets, so more
     * of them have all but the first over fewer rows: 62 subsets took a third of the gradient passes of short runs. The first one,
     * which alone makes the first steps, is over all: short runs over small tables end lower.
     */
    private static final int MANY = 8;

    /**
     * A slope so many times the usual one shortens the step. Rows k times as large as the usual ones have a slope k times as steep along
     * the same direction, but a curvature k^2 times as large: their step is 1 / k as long. Without this a batch with an outlier, or with a
     * class that is rare, takes the step of batches without.
     */
    private static final double STEEP = 3;

    /**
     * Steps after which c_t has fallen from 2 c to 3 / 2 c. The loss falls steeply along the first directions, and little noise has been stepped along
     * yet: with longer first steps short runs in large batches end at 0.8 of the loss, and long runs are hardly changed.
     */
    private static final double EARLY = 20;

    private final OptimizerSpec spec;
    private final BaseRule base;
    private final Partition partition;
    private final NewtonSettings settings;

    private final Quantity.Summary quantity;

    private double[] lengths;
    private long summaries;
    private long noSolution;
    /** Summaries in the mean. */
    private long averaged;
    /** Mean of g, D and rows of H, in units of the direction's length. */
    private double[] mean;
    /** Sums of the promised and the confirmed decreases. */
    private final double[] shares = new double[2];

    /** That the last solution took. */
    private double seconds;

    public SolvedLengths(OptimizerSpec spec, BaseRule base, Partition partition) {
        this.spec = spec;
        this.base = base;
        this.partition = partition;
        settings = spec.settings().newton();
        quantity =
                new Quantity.Summary(partition, Curvature.of(settings.summary().curvature()));
    }

    @Override
    public StepResult step(Objective objective, double[] theta, long step) {
        GradientSum sum = objective.gradient(theta, step);
        double[] gradient = sum.meanGradient();
        double[] direction = base.direction(objective, gradient, theta, step);
        double length = ParameterVectors.euclidean(direction);
        SummaryResult summary = null;
        if (length > 0) {
            double[] slopes = Subsets.dots(partition, gradient, direction);
            DerivativeSummary latest = isDue(step) || lengths == null
                    ? summary(objective, Point.along(theta, direction), slopes, step)
                    : null;
            if (lengths != null) {
                double[] rates = rates(length, bound(slopes(), lengths, slopes, length), step);
                Subsets.move(partition, theta, direction, rates);
                summary = latest == null
                        ? null
                        : measured(objective, Point.along(theta, direction), result(latest, length, rates), step);
            }
        }
        return new StepResult(sum.loss(), ParameterVectors.euclidean(gradient), summary);
    }

    /** What the loss of the summary's batch has become: the decrease that its derivatives predict can be held against it. */
    private SummaryResult measured(Objective objective, Point<double[]> after, SummaryResult summary, long step) {
        if (!spec.measureDecrease()) {
            return summary;
        }
        Batch batch = new Batch.Summary(summary.index(), step, part(partition.size(), averaged == 1));
        return summary.after(objective
                .evaluate(new Quantity.Losses(0), batch, after)
                .losses()[0]
                .meanLoss());
    }

    /** How many rows of a training batch the H of so many subsets takes, in the first summary and in later ones. */
    public static long summaryRows(long batch, int subsets, boolean first) {
        return part(subsets, first).of(batch);
    }

    private static Batch.Part part(int subsets, boolean first) {
        double fewer = first ? 1 : Math.min(1, (double) MANY / subsets);
        return new Batch.Part(fewer * PART.share(), (int) Math.ceil(fewer * PART.least()));
    }

    /** How many other rows a summary is checked on, if there are as many. */
    public static long otherRows(long batch) {
        long part = PART.of(batch);
        return part * ((PART.least() + part - 1) / part);
    }

    private boolean isDue(long step) {
        int period = settings.summary().period();
        return step % period == 0 || step < period && Long.bitCount(step) == 1;
    }

    /**
     * The mean of a summary, taken into the averages and solved, with the slopes of other rows; null if its rows have no weight.
     *
     * @param g slopes of the step's batch along the direction [S]
     */
    private DerivativeSummary summary(Objective objective, Point<double[]> point, double[] g, long step) {
        Batch batch = new Batch.Summary(summaries++, step, part(partition.size(), averaged == 0));
        DerivativeSummary sum = objective.evaluate(quantity, batch, point);
        if (sum.samples() == 0) {
            return null;
        }
        DerivativeTensor other = settings.summary().confirm()
                ? objective.evaluate(
                        new Quantity.Derivatives(partition, 1), new Batch.Other(step, PART.least(), PART), point)
                : null;
        return solved(sum.mean(), g, other, ParameterVectors.euclidean(point.direction()));
    }

    /** The mean of a summary itself, taken in. */
    private DerivativeSummary solved(DerivativeSummary latest, double[] g, DerivativeTensor other, double length) {
        long start = System.nanoTime();
        accept(latest, g, length);
        solve();
        for (int s = 0; s < g.length && other != null && other.samples() > 0; s++) {
            shares[0] += lengths[s] * g[s] / length;
            shares[1] += lengths[s] * other.entries()[s] / other.samples() / length;
        }
        seconds = (System.nanoTime() - start) * 1e-9;
        return latest;
    }

    /** Steps are of all shards together as long as there are no lengths. */
    @Override
    public List<StepResult> period(Objective.Sharded objective, double[] theta, long step, int count) {
        if (lengths == null) {
            return List.of(stepIfWeighted(objective, theta, step));
        }
        double[][] used = new double[count][];
        boolean due = false;
        for (int i = 0; i < count; i++) {
            used[i] = rates(1, 1, step + i);
            due |= isDue(step + i);
        }
        LocalSteps steps = new LocalSteps(
                spec.settings().base(),
                partition,
                new UnitSteps(partition, used, slopes()),
                new LocalSteps.Asked(due ? quantity : null, settings.summary().confirm() ? PART.least() : 0));
        PeriodSum sum = objective.localSteps(steps, theta, base.state(), new Batch.Summary(summaries, step));
        List<StepResult> results = FixedRate.averaged(sum, theta, base);
        if (sum.summary() != null && sum.summary().samples() > 0) {
            summaries++;
            DerivativeSummary mean = sum.summary().mean();
            DerivativeSummary latest = solved(mean, mean.g(), sum.others(), 1);
            StepResult first = results.get(0);
            SummaryResult summary = result(latest, 1, rates(1, 1, step + count));
            results.set(0, new StepResult(first.loss(), first.gradientNorm(), summary));
        }
        return results;
    }

    /**
     * Steps of a shard along its own direction of length 1.
     *
     * @param lengths of each step [steps][S]
     * @param usual slopes [S]
     */
    private record UnitSteps(Partition partition, double[][] lengths, double... usual) implements LocalSteps.Move {
        @Override
        public int steps() {
            return lengths.length;
        }

        @Override
        public double[] along(Partition partition, double[] direction) {
            double length = ParameterVectors.euclidean(direction);
            return length > 0 ? Arrays.stream(direction).map(u -> u / length).toArray() : direction;
        }

        @Override
        public double[] rates(int i, double[] gradient, double[] along) {
            double bound = bound(usual, lengths[i], Subsets.dots(partition, gradient, along), 1);
            return Arrays.stream(lengths[i]).map(e -> bound * e).toArray();
        }
    }

    private SummaryResult result(DerivativeSummary latest, double length, double... rates) {
        double[] eta = Arrays.stream(lengths).map(e -> e / length).toArray();
        SummaryResult.Solution solution = new SummaryResult.Solution(eta, Double.NaN, LENGTHS, seconds);
        return new SummaryResult(
                summaries - 1, partition.groups(), latest, quantity.curvature(), solution, rates, Double.NaN);
    }

    /** Takes the n-th summary's derivatives of a mean loss, with the slopes g, into the means: X = X + (x - X) / n. */
    private void accept(DerivativeSummary latest, double[] g, double length) {
        int size = latest.size();
        double[] next = new double[(2 + size) * size];
        for (int s = 0; s < size; s++) {
            next[s] = g[s] / length;
            next[size + s] = Math.cbrt(Math.abs(latest.order3()[s])) / length;
            for (int t = 0; t < size; t++) {
                next[(2 + s) * size + t] = latest.h()[s][t] / (length * length);
            }
        }
        averaged++;
        mean = mean == null ? next.clone() : mean;
        for (int i = 0; i < next.length; i++) {
            mean[i] += (next[i] - mean[i]) / averaged;
        }
    }

    private void solve() {
        int size = partition.size();
        double[][] h = new double[size][];
        for (int s = 0; s < size; s++) {
            h[s] = Arrays.copyOfRange(mean, (2 + s) * size, (3 + s) * size);
        }
        lengths = LengthSolver.solve(Arrays.copyOf(mean, size), h, Arrays.copyOfRange(mean, size, 2 * size));
        noSolution += Arrays.stream(lengths).allMatch(e -> e == 0) ? 1 : 0;
    }

    /** The usual slopes along a direction of length 1 [S]. */
    private double[] slopes() {
        return Arrays.copyOf(mean, partition.size());
    }

    /**
     * What a steep batch leaves of a step.
     *
     * @param usual slopes along a direction of length 1 [S]
     * @param lengths of the step, up to a factor [S]
     * @param slopes of the batch along u [S]
     * @param length of u
     */
    private static double bound(double[] usual, double[] lengths, double[] slopes, double length) {
        double slope = ParameterVectors.dot(lengths, slopes) / length;
        double steepest = STEEP * ParameterVectors.dot(lengths, usual);
        return steepest > 0 && slope > steepest ? steepest / slope : 1;
    }

    /** q; 0 if nothing was promised, or nothing confirmed; 1 if nothing is to be. */
    private double share() {
        if (!settings.summary().confirm()) {
            return 1;
        }
        return shares[0] > 0 ? Math.min(1, Math.max(0, shares[1] / shares[0])) : 0;
    }

    /** c_t q e_s / |u| times the bound: the learning rates in use [S]. */
    private double[] rates(double length, double bound, long step) {
        double c = settings.smoothing().damping() * (1 + EARLY / (EARLY + step));
        double factor = c * spec.decay(step) * share() * bound / length;
        return Arrays.stream(lengths).map(e -> factor * e).toArray();
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
        state.put(SHARES, shares.clone());
        if (lengths != null) {
            state.put(AVERAGED, State.count(averaged));
            state.put(MEAN, mean.clone());
            state.put(LENGTHS, lengths.clone());
        }
        State.nest(state, BASE, base.state());
        return state;
    }

    @Override
    public void restore(Map<String, double[]> state) {
        int size = partition.size();
        long restoredSummaries = State.count(state, SUMMARIES);
        long restoredNoSolution = State.count(state, NO_SOLUTION);
        double[] restoredShares = State.array(state, SHARES, 2);
        double[] restoredLengths = State.optional(state, LENGTHS, size);
        double[] restoredMean = State.optional(state, MEAN, (2 + size) * size);
        base.restore(State.nested(state, BASE));
        averaged = restoredLengths == null ? 0 : State.count(state, AVERAGED);
        lengths = restoredLengths;
        mean = restoredMean;
        summaries = restoredSummaries;
        noSolution = restoredNoSolution;
        System.arraycopy(restoredShares, 0, shares, 0, 2);
    }
}
