package io.etastar.spark.pass;

import io.etastar.data.RowSplit;
import io.etastar.data.Seeds;
import io.etastar.data.StratifiedSampler;
import io.etastar.optimizer.LocalSteps;
import io.etastar.optimizer.Objective;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientAndSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.HessianVectorSum;
import io.etastar.quantity.KroneckerFactors;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.PeriodSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.spark.rows.RowSelection;
import io.etastar.spark.rows.ShardedData;
import java.util.Map;

/**
 * The objective over sharded data: each method is one Spark job, with parameters and direction broadcast and partial sums
 * merged in a fixed order. The same seed, data and partition count give the same bits.
 */
public final class SparkObjective implements Objective, AutoCloseable {
    private static final long STEPS = 0;
    private static final long SUMMARIES = 1;

    private final DistributedPass passes;
    private final ShardedData data;
    private final ParameterLayout layout;
    private final StratifiedSampler steps;
    private final StratifiedSampler summaries;
    private final RowSplit split;
    private final Long seed;
    private long lastStep;
    private long summaryBytes;

    /**
     * An objective in which nothing is random.
     *
     * @param passes runs the jobs
     * @param data training data; closed with this
     * @param layout of theta
     * @param steps draws training batches
     * @param summaries draws summary batches; null if none are made
     */
    public SparkObjective(
            DistributedPass passes,
            ShardedData data,
            ParameterLayout layout,
            StratifiedSampler steps,
            StratifiedSampler summaries) {
        this(passes, data, layout, steps, summaries, null, null);
    }

    /**
     * @param passes runs the jobs
     * @param data training data; closed with this
     * @param layout of theta
     * @param steps draws training batches
     * @param summaries draws summary batches; null if a summary takes the batch of the last gradient
     * @param split which rows are for summaries alone; null if none are
     * @param seed of what is random in the engine: each training batch, and each summary batch, has its own; null for nothing
     */
    public SparkObjective(
            DistributedPass passes,
            ShardedData data,
            ParameterLayout layout,
            StratifiedSampler steps,
            StratifiedSampler summaries,
            RowSplit split,
            Long seed) {
        this.passes = passes;
        this.data = data;
        this.layout = layout;
        this.steps = steps;
        this.summaries = summaries;
        this.split = split;
        this.seed = seed;
    }

    @Override
    public ParameterLayout layout() {
        return layout;
    }

    /** Training batches of one epoch. */
    public long stepsPerEpoch() {
        return steps.stepsPerEpoch();
    }

    @Override
    public GradientSum gradient(double[] theta, long step) {
        StratifiedSampler.Slice slice = steps.sliceOf(step);
        String description = describe("gradient", step, slice);
        lastStep = step;
        Point<double[]> point = new Point<>(theta, null, seed(STEPS, step));
        return passes.evaluate(description, new Quantity.Gradient(), data, trainingBatch(slice), point);
    }

    @Override
    public HessianVectorSum hessianVector(double[] theta, double[] vector, long step) {
        StratifiedSampler.Slice slice = steps.sliceOf(step);
        return passes.evaluate(
                describe("Hessian-vector product", step, slice),
                new Quantity.HessianVector(),
                data,
                trainingBatch(slice),
                new Point<>(theta, vector, seed(STEPS, step)));
    }

    @Override
    public KroneckerFactors kroneckerFactors(double[] theta, long step, boolean sampled) {
        StratifiedSampler.Slice slice = steps.sliceOf(step);
        return passes.evaluate(
                describe("Kronecker factors", step, slice),
                new Quantity.Factors(sampled),
                data,
                trainingBatch(slice),
                new Point<>(theta, null, seed(STEPS, step)));
    }

    @Override
    public LossSum[] losses(double[] theta, double[] direction, double[] rates, long index) {
        StratifiedSampler.Slice slice = summarySlice(index);
        double[] points = rates.clone();
        LossSum.Several sums = passes.evaluate(
                points.length + " losses along a direction on " + slice.size() + " rows",
                new Quantity.Losses(points),
                data,
                summaryBatch(slice),
                new Point<>(theta, direction, summarySeed(index)));
        return sums.losses();
    }

    @Override
    public GradientAndSummary gradientAndSummary(
            double[] theta, double[] direction, Partition partition, long step, long index) {
        StratifiedSampler.Slice slice = steps.sliceOf(step);
        lastStep = step;
        StratifiedSampler.Slice summarySlice = summarySlice(index);
        String description = describe("gradient", step, slice) + ", summary " + index + ": S = " + partition.size()
                + " on " + summarySlice.size() + " rows";
        Quantity<GradientSum> gradient = new Quantity.Gradient();
        Quantity<DerivativeSummary> summary = new Quantity.Summary(partition);
        RowSelection rows = trainingBatch(slice);
        RowSelection summaryRows = summaryBatch(summarySlice);
        Long seed = seed(STEPS, step);
        long bytes = passes.bytes(gradient, theta.length) + passes.bytes(summary, theta.length);
        return passes.at(new Point<>(theta, direction, summarySeed(index)), point -> {
            EnginePass<GradientSum> first = new EnginePass<>(gradient, rows, point.withSeed(seed));
            EnginePass<DerivativeSummary> second = new EnginePass<>(summary, summaryRows, point);
            ShardCall<GradientAndSummary> both = on -> GradientAndSummary.of(first.apply(on), second.apply(on));
            return passes.run(description, data, both, bytes);
        });
    }

    @Override
    public PeriodSum localSteps(LocalSteps local, double[] theta, Map<String, double[]> state, long step, long index) {
        int count = local.rates().length;
        RowSelection[] batches = new RowSelection[count];
        Long[] seeds = new Long[count];
        long rows = 0;
        for (int i = 0; i < count; i++) {
            StratifiedSampler.Slice slice = steps.sliceOf(step + i);
            batches[i] = trainingBatch(slice);
            seeds[i] = seed(STEPS, step + i);
            rows += slice.size();
        }
        lastStep = step;
        RowSelection summary = local.summarise() ? summaryBatch(summarySlice(index)) : null;
        String description = "steps " + (step + 1) + " to " + (step + count) + " of each shard, averaged"
                + (summary == null
                        ? ""
                        : ", summary " + index + ": S = " + local.partition().size());
        long bytes = (1L + state.size()) * theta.length * Double.BYTES;
        long total = rows;
        Long summarySeed = summarySeed(index);
        return passes.sending(LocalPass.Start.of(theta, state, local), start -> {
            LocalPass pass = new LocalPass(start, passes.type(), batches, seeds, total, summary, summarySeed);
            return passes.run(description, data, pass, bytes);
        });
    }

    private static String describe(String what, long step, StratifiedSampler.Slice slice) {
        return "step " + (step + 1) + " (epoch " + (slice.epoch() + 1) + "): " + what + " on " + slice.size() + " rows";
    }

    @Override
    public DerivativeSummary summary(double[] theta, double[] direction, Partition partition, long index) {
        StratifiedSampler.Slice slice = summarySlice(index);
        String description = "summary " + index + ": S = " + partition.size() + " on " + slice.size() + " rows";
        Point<double[]> point = new Point<>(theta, direction, summarySeed(index));
        DerivativeSummary sum =
                passes.evaluate(description, new Quantity.Summary(partition), data, summaryBatch(slice), point);
        summaryBytes += passes.lastPassTimes().resultBytes();
        return sum;
    }

    /** Bytes of results of all passes so far that were summaries alone; they do not grow with P. */
    public long summaryBytes() {
        return summaryBytes;
    }

    /**
     * Loss and correct predictions over all rows of {@code test}.
     *
     * @param theta parameters [P]; kept by the caller
     */
    public LossSum evaluate(double[] theta, ShardedData test) {
        return passes.loss(test, theta);
    }

    /** Time of the last pass. */
    public PassTimes lastPassTimes() {
        return passes.lastPassTimes();
    }

    /** Time of all passes so far. */
    public PassTimes totalPassTimes() {
        return passes.totalPassTimes();
    }

    /** Frees the cached training data, and what {@code passes} keeps. */
    @Override
    public void close() {
        passes.close();
        data.close();
    }

    /** The seed of one batch: a function of the run's seed and the batch's number, so that a resumed run draws the same. */
    private Long seed(long stream, long number) {
        return seed == null ? null : Long.valueOf(Seeds.mix(seed, stream, number));
    }

    /** The batch of a step keeps its masks. */
    private Long summarySeed(long index) {
        return summaries == null ? seed(STEPS, lastStep) : seed(SUMMARIES, index);
    }

    private StratifiedSampler.Slice summarySlice(long index) {
        return summaries == null ? steps.sliceOf(lastStep) : summaries.sliceOf(index);
    }

    private RowSelection summaryBatch(StratifiedSampler.Slice slice) {
        if (summaries == null) {
            return trainingBatch(slice);
        }
        RowSelection drawn = batch(summaries, slice);
        RowSplit rows = split;
        return rows == null ? drawn : partition -> rows.apart(partition, drawn.of(partition));
    }

    private RowSelection trainingBatch(StratifiedSampler.Slice slice) {
        RowSelection drawn = batch(steps, slice);
        RowSplit rows = split;
        return rows == null ? drawn : partition -> rows.training(partition, drawn.of(partition));
    }

    private static RowSelection batch(StratifiedSampler sampler, StratifiedSampler.Slice slice) {
        return partition -> sampler.rows(partition, slice.epoch(), slice.from()[partition], slice.to()[partition]);
    }
}
