package io.etastar.spark;

import io.etastar.optimizer.Objective;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.summary.DerivativeSummary;
import io.etastar.summary.GradientSum;
import io.etastar.summary.LossSum;
import io.etastar.tensor.RawArray;
import java.util.stream.IntStream;

/**
 * The objective over sharded data: each method is one Spark job, with parameters and direction broadcast and partial sums
 * merged in a fixed order. The same seed, data and partition count give the same bits.
 */
public final class SparkObjective implements Objective, AutoCloseable {
    private final DistributedPass passes;
    private final ShardedData data;
    private final ParameterLayout layout;
    private final RowSampler steps;
    private final RowSampler summaries;

    /**
     * @param passes runs the jobs
     * @param data training data; closed with this
     * @param layout of theta
     * @param steps draws training batches
     * @param summaries draws summary batches; null where none are made
     */
    public SparkObjective(
            DistributedPass passes, ShardedData data, ParameterLayout layout, RowSampler steps, RowSampler summaries) {
        this.passes = passes;
        this.data = data;
        this.layout = layout;
        this.steps = steps;
        this.summaries = summaries;
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
        RowSampler.Slice slice = steps.sliceOf(step);
        String description =
                "step " + (step + 1) + " (epoch " + (slice.epoch() + 1) + "): gradient on " + rowCount(slice) + " rows";
        return passes.run(
                description, data, steps.batch(step), theta, null, null, Engine::gradient, GradientSum::merge);
    }

    @Override
    public DerivativeSummary summary(double[] theta, double[] direction, Partition partition, long index) {
        String description = "summary " + index + ": S = " + partition.size() + " on "
                + rowCount(summaries.sliceOf(index)) + " rows";
        return passes.run(
                description,
                data,
                summaries.batch(index),
                theta,
                direction,
                partition,
                Engine::summary,
                SparkObjective::merge);
    }

    /**
     * Loss and hits over all rows of {@code test}.
     *
     * @param theta parameters [P]; kept by the caller
     */
    public LossSum evaluate(double[] theta, ShardedData test) {
        return evaluate(passes, theta, test);
    }

    /** Loss and hits over all rows of {@code data}; zero sums where it has none. */
    public static LossSum evaluate(DistributedPass passes, double[] theta, ShardedData data) {
        LossSum sum = passes.run(
                "evaluation on " + data.rows() + " rows",
                data,
                DistributedPass.allRows(data),
                theta,
                null,
                null,
                Engine::loss,
                LossSum::plus);
        return sum == null ? LossSum.ZERO : sum;
    }

    /** Time of the last pass. */
    public PassTimes lastPassTimes() {
        return passes.lastPassTimes();
    }

    /** Time of all passes so far. */
    public PassTimes totalPassTimes() {
        return passes.totalPassTimes();
    }

    /** Frees the cached training data. */
    @Override
    public void close() {
        data.close();
    }

    private long rowCount(RowSampler.Slice slice) {
        return IntStream.range(0, data.partitions())
                .mapToLong(i -> slice.to(i) - slice.from(i))
                .sum();
    }

    /** MERGE: stands in for {@code DerivativeSummary.merge}; delete then. */
    private static DerivativeSummary merge(DerivativeSummary left, DerivativeSummary right) {
        double[][] h = new double[left.size()][];
        for (int s = 0; s < h.length; s++) {
            h[s] = sum(left.h()[s], right.h()[s]);
        }
        double[] g = sum(left.g(), right.g());
        double[] order3 = sum(left.order3(), right.order3());
        return new DerivativeSummary(left.samples() + right.samples(), left.loss() + right.loss(), g, h, order3);
    }

    private static double[] sum(double[] left, double[] right) {
        RawArray sum = RawArray.of(left.clone());
        sum.addInPlace(RawArray.of(right));
        return sum.doubles();
    }
}
