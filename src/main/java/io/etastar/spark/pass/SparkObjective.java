package io.etastar.spark.pass;

import io.etastar.data.Permutation;
import io.etastar.optimizer.LocalSteps;
import io.etastar.optimizer.Objective;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.StepResult;
import io.etastar.partition.ParameterLayout;
import io.etastar.quantity.Batch;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.PeriodSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.spark.rows.RowSelection;
import io.etastar.spark.rows.ShardedData;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The objective over sharded data: each method is one Spark job, with parameters and direction broadcast and partial sums
 * merged in a fixed order. The same seed, data and partition count give the same bits.
 */
public final class SparkObjective implements Objective.Sharded, AutoCloseable {
    /** Seed of an order of rows. */
    private static final long EVERY_ROW = 0x0EDE;

    private final DistributedPass passes;
    private final ShardedData data;
    private final ParameterLayout layout;
    private final BatchRows batches;
    private long summaryBytes;
    private boolean loaded;

    /**
     * @param passes runs the jobs
     * @param data training data; closed with this
     * @param layout of theta
     * @param batches which rows each batch takes
     */
    public SparkObjective(DistributedPass passes, ShardedData data, ParameterLayout layout, BatchRows batches) {
        this.passes = passes;
        this.data = data;
        this.layout = layout;
        this.batches = batches;
    }

    @Override
    public ParameterLayout layout() {
        return layout;
    }

    /** A text that tells the training rows from others. */
    public String digest() {
        return data.digest();
    }

    /** A text that tells the rows of a summaries' own data set from others. */
    public String digestBehind() {
        return data.digestBehind();
    }

    /** Training batches of one epoch. */
    public long stepsPerEpoch() {
        return batches.steps().stepsPerEpoch();
    }

    @Override
    public <T extends Sum<T>> T evaluate(Quantity<T> quantity, Batch batch, Point<double[]> point) {
        BatchRows.Drawn drawn = batch.accept(batches);
        T sum = passes.evaluate(drawn.describe(quantity), quantity, data, drawn.rows(), drawn.at(point));
        if (quantity.partition() != null) {
            summaryBytes += passes.lastPassTimes().resultBytes();
        }
        return sum;
    }

    @Override
    public <A extends Sum<A>, B extends Sum<B>> Sum.Both<A, B> both(
            Quantity<A> first, Batch of, Quantity<B> second, Batch over, Point<double[]> point) {
        BatchRows.Drawn one = of.accept(batches);
        BatchRows.Drawn other = over.accept(batches);
        String description = one.describe(first) + ", " + other.describe(second);
        int size = point.theta().length;
        long bytes = passes.bytes(first, size) + passes.bytes(second, size);
        Long firstSeed = one.at(point).seed();
        return passes.at(other.at(point), sent -> {
            ShardCall<A> left = new ShardCall.Evaluation<>(first, one.rows(), sent.withSeed(firstSeed));
            ShardCall<B> right = new ShardCall.Evaluation<>(second, other.rows(), sent);
            return passes.run(description, data, ShardCall.both(left, right), bytes);
        });
    }

    /**
     * A quantity over each of several batches, without dropout: one pass.
     *
     * @param point of the evaluation; its arrays are kept by the caller
     * @return by place among {@code each}, the sum in a fixed order over the shards; batches without rows are left out
     */
    public <T extends Sum<T>> Map<Integer, T> each(
            Quantity<T> quantity, List<? extends Batch> each, Point<double[]> point) {
        List<BatchRows.Drawn> drawn = new ArrayList<>();
        each.forEach(batch -> drawn.add(batch.accept(batches)));
        List<RowSelection> rows = new ArrayList<>();
        drawn.forEach(batch -> rows.add(batch.rows()));
        long size = drawn.stream().mapToLong(BatchRows.Drawn::size).sum();
        String description = quantity.title() + " of each of " + drawn.size() + " batches on " + size + " rows";
        long bytes = passes.bytes(quantity, point.theta().length) * drawn.size();
        GroupSums<T> sums = passes.at(
                point, there -> passes.run(description, data, new GroupSums.OfBatches<>(quantity, rows, there), bytes));
        return sums == null ? Map.of() : sums.sums();
    }

    @Override
    public PeriodSum localSteps(LocalSteps local, double[] theta, Map<String, double[]> state, Batch.Summary first) {
        int count = local.count();
        RowSelection[] rows = new RowSelection[count];
        Long[] seeds = new Long[count];
        long total = 0;
        for (int i = 0; i < count; i++) {
            BatchRows.Drawn drawn = batches.step(new Batch.Step(first.step() + i));
            rows[i] = drawn.rows();
            seeds[i] = drawn.seed();
            total += drawn.size();
        }
        BatchRows.Drawn summary = local.asked().summary() != null ? first.accept(batches) : null;
        LocalPass.Along along = summary == null ? null : along(summary, first.step(), local);
        String description = "steps " + (first.step() + 1) + " to " + (first.step() + count)
                + " of each shard, averaged"
                + (summary == null
                        ? ""
                        : ", " + summary.name() + local.asked().summary().title());
        long bytes = (1L + state.size()) * theta.length * Double.BYTES;
        long all = total;
        return passes.sending(new LocalPass.Start(TrainingState.of(theta, state), local), start -> {
            LocalPass pass = new LocalPass(start, passes.type(), rows, seeds, all, along);
            return passes.run(description, data, pass, bytes);
        });
    }

    private LocalPass.Along along(BatchRows.Drawn summary, long step, LocalSteps local) {
        BatchRows.Drawn[] others = new BatchRows.Drawn[local.asked().others() > 0 ? local.count() : 0];
        Arrays.setAll(
                others,
                i -> batches.other(new Batch.Other(step + i, local.asked().others())));
        return new LocalPass.Along(summary, others);
    }

    /**
     * Steps of an optimizer made next to the data, in one Spark job: the same as that optimizer's own on this objective, bit by
     * bit. It has been told of the epochs that end.
     *
     * @param optimizers makes the optimizer
     * @param theta parameters [P] before the first step; kept
     * @param state of the optimizer before it; kept
     * @param range which steps
     * @param tasks that share the sums: more than one only if all tasks run in one JVM; shards must lie there too, or be one
     */
    public StepsMade steps(
            Optimizer.Factory optimizers, double[] theta, Map<String, double[]> state, StepRange range, int tasks) {
        if (!loaded && data.partitions() > 1) {
            // The first task to come would lay out all shards by itself.
            passes.load(data);
            loaded = true;
        }
        StepTask.Problem problem =
                new StepTask.Problem(optimizers, layout, batches, passes.type(), data.transform(), passes.engines());
        StepTask.Made made = passes.steps(data, tasks, problem, TrainingState.of(theta, state), range);
        return new StepsMade(made.state().theta().doubles(), made.state().state(), made.results(), made.unsolved());
    }

    /**
     * Steps made.
     *
     * @param theta parameters [P] after them; shared
     * @param state of the optimizer after them; shared
     * @param results of each step, in order: at least one
     * @param unsolved summaries or line searches among them that gave no step
     */
    public record StepsMade(double[] theta, Map<String, double[]> state, List<StepResult> results, long unsolved) {}

    /**
     * Which steps a job makes.
     *
     * @param first number of the first step, from 0
     * @param most steps, at least 1
     * @param seconds after which no further step begins
     * @param epochs where the optimizer is told of the end of an epoch
     */
    public record StepRange(long first, int most, double seconds, Epochs epochs) implements Serializable {}

    /**
     * The epochs of a run.
     *
     * @param soFar losses of the steps that the epoch of the first step has already
     * @param steps of an epoch
     * @param last number of steps of the run: its last epoch ends there
     */
    public record Epochs(LossSum soFar, long steps, long last) implements Serializable {
        /**
         * Tells the optimizer if an epoch ends.
         *
         * @param step number of steps made
         * @param losses of the epoch so far
         * @return the losses of the epoch to which the next step belongs
         */
        LossSum after(long step, LossSum losses, Optimizer optimizer) {
            if (step % steps != 0 && step != last) {
                return losses;
            }
            if (losses.samples() > 0) {
                optimizer.endEpoch(losses.meanLoss());
            }
            return LossSum.ZERO;
        }
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

    /**
     * A quantity over all training rows, without dropout. Rows of a shard are taken in a fixed random order, so that the
     * micro-batches of sorted rows are like those of training; one pass.
     *
     * @param theta parameters [P]; kept by the caller
     */
    public <T extends Sum<T>> T everyRow(Quantity<T> quantity, double[] theta) {
        int[] rows = data.rowsPerPartition();
        RowSelection shuffled = shard -> Permutation.of(rows[shard], EVERY_ROW, shard);
        return passes.evaluate(
                quantity.title() + " on " + data.rows() + " rows", quantity, data, shuffled, Point.at(theta));
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
}
