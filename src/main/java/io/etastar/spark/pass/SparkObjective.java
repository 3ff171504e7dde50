package io.etastar.spark.pass;

import io.etastar.data.Permutation;
import io.etastar.data.RowSplit;
import io.etastar.data.StratifiedSampler;
import io.etastar.optimizer.LocalSteps;
import io.etastar.optimizer.Objective;
import io.etastar.partition.ParameterLayout;
import io.etastar.quantity.Batch;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.PeriodSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.spark.rows.RowSelection;
import io.etastar.spark.rows.ShardedData;
import java.util.Map;

/**
 * The objective over sharded data: each method is one Spark job, with parameters and direction broadcast and partial sums
 * merged in a fixed order. The same seed, data and partition count give the same bits.
 */
public final class SparkObjective implements Objective.Sharded, AutoCloseable {
    private static final long STEPS = 0;
    private static final long SUMMARIES = 1;

    private final DistributedPass passes;
    private final ShardedData data;
    private final ParameterLayout layout;
    private final StratifiedSampler steps;
    private final StratifiedSampler summaries;
    private final RowSplit split;
    private final Long seed;
    private final Drawing drawing = new Drawing();
    private long summaryBytes;

    /**
     * @param passes runs the jobs
     * @param data training data; closed with this
     * @param layout of theta
     * @param steps draws training batches
     * @param summaries draws summary batches; null if a summary takes the batch of its training step
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
    public <T extends Sum<T>> T evaluate(Quantity<T> quantity, Batch batch, Point<double[]> point) {
        Drawn drawn = batch.accept(drawing);
        T sum = passes.evaluate(drawn.describe(quantity), quantity, data, drawn.rows, drawn.at(point));
        if (quantity.partition() != null) {
            summaryBytes += passes.lastPassTimes().resultBytes();
        }
        return sum;
    }

    @Override
    public <A extends Sum<A>, B extends Sum<B>> Sum.Both<A, B> both(
            Quantity<A> first, Batch of, Quantity<B> second, Batch over, Point<double[]> point) {
        Drawn one = of.accept(drawing);
        Drawn other = over.accept(drawing);
        String description = one.describe(first) + ", " + other.describe(second);
        int size = point.theta().length;
        long bytes = passes.bytes(first, size) + passes.bytes(second, size);
        Long firstSeed = one.at(point).seed();
        return passes.at(other.at(point), sent -> {
            ShardCall<A> left = new ShardCall.Evaluation<>(first, one.rows, sent.withSeed(firstSeed));
            ShardCall<B> right = new ShardCall.Evaluation<>(second, other.rows, sent);
            return passes.run(description, data, ShardCall.both(left, right), bytes);
        });
    }

    @Override
    public PeriodSum localSteps(LocalSteps local, double[] theta, Map<String, double[]> state, Batch.Summary first) {
        int count = local.rates().length;
        RowSelection[] batches = new RowSelection[count];
        Long[] seeds = new Long[count];
        long rows = 0;
        for (int i = 0; i < count; i++) {
            Drawn drawn = drawing.step(new Batch.Step(first.step() + i));
            batches[i] = drawn.rows;
            seeds[i] = drawn.seed;
            rows += drawn.size;
        }
        Drawn summary = local.summarise() ? first.accept(drawing) : null;
        RowSelection summaryRows = summary == null ? null : summary.rows;
        Long summarySeed = summary == null ? null : summary.seed;
        String description = "steps " + (first.step() + 1) + " to " + (first.step() + count)
                + " of each shard, averaged"
                + (summary == null ? "" : ", " + summary.name + new Quantity.Summary(local.partition()).title());
        long bytes = (1L + state.size()) * theta.length * Double.BYTES;
        long total = rows;
        return passes.sending(LocalPass.Start.of(theta, state, local), start -> {
            LocalPass pass = new LocalPass(start, passes.type(), batches, seeds, total, summaryRows, summarySeed);
            return passes.run(description, data, pass, bytes);
        });
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

    /**
     * The rows of a batch.
     *
     * @param name begins the description of a job
     * @param size number of rows over all shards
     * @param rows of each shard
     * @param seed of what is random, or null
     */
    private record Drawn(String name, long size, RowSelection rows, Long seed) {
        String describe(Quantity<?> quantity) {
            return name + quantity.title() + " on " + size + " rows";
        }

        Point<double[]> at(Point<double[]> point) {
            return point.seed() == null ? point.withSeed(seed) : point;
        }
    }

    /** Draws batches; nothing is kept, so that a batch follows from its numbers alone. */
    private final class Drawing implements Batch.Visitor<Drawn> {
        @Override
        public Drawn step(Batch.Step batch) {
            StratifiedSampler.Slice slice = steps.sliceOf(batch.step());
            String name = "step " + (batch.step() + 1) + " (epoch " + (slice.epoch() + 1) + "): ";
            return new Drawn(name, slice.size(), trainingRows(slice), seed(STEPS, batch.step()));
        }

        @Override
        public Drawn summary(Batch.Summary batch) {
            String name = "summary " + batch.index() + ": ";
            if (summaries == null) {
                StratifiedSampler.Slice slice = steps.sliceOf(batch.step());
                return new Drawn(name, slice.size(), trainingRows(slice), seed(STEPS, batch.step()));
            }
            StratifiedSampler.Slice slice = summaries.sliceOf(batch.index());
            return new Drawn(name, slice.size(), summaryRows(slice), seed(SUMMARIES, batch.index()));
        }

        @Override
        public Drawn all() {
            return new Drawn("", data.rows(), DistributedPass.allRows(data), null);
        }

        private RowSelection trainingRows(StratifiedSampler.Slice slice) {
            RowSelection drawn = rows(steps, slice);
            RowSplit apart = split;
            return apart == null ? drawn : partition -> apart.training(partition, drawn.of(partition));
        }

        private RowSelection summaryRows(StratifiedSampler.Slice slice) {
            RowSelection drawn = rows(summaries, slice);
            RowSplit apart = split;
            return apart == null ? drawn : partition -> apart.apart(partition, drawn.of(partition));
        }
    }

    private static RowSelection rows(StratifiedSampler sampler, StratifiedSampler.Slice slice) {
        return partition -> sampler.rows(partition, slice.epoch(), slice.from()[partition], slice.to()[partition]);
    }

    /** The seed of one batch: a function of the run's seed and the batch's number, so that a resumed run draws the same. */
    private Long seed(long stream, long number) {
        return seed == null ? null : Long.valueOf(Permutation.mix(seed, stream, number));
    }
}
