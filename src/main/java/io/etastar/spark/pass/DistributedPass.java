package io.etastar.spark.pass;

import io.etastar.partition.Partition;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.spark.engine.EngineFactory;
import io.etastar.spark.rows.Carried;
import io.etastar.spark.rows.RowGroups;
import io.etastar.spark.rows.RowSelection;
import io.etastar.spark.rows.ShardedData;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Evaluates quantities over rows of all shards, each in one Spark job. Used by one driver thread at a time. Executors keep the
 * parameters for further passes at the same ones, and a model's long constants for all, until this is closed.
 */
public final class DistributedPass implements AutoCloseable {
    private static final String DESCRIPTION = "spark.job.description";

    /** Bytes that travel with a job's task: a broadcast takes some milliseconds, and Spark warns of tasks of a megabyte. */
    private static final long WITH_TASK = 1 << 19;

    private final JavaSparkContext context;
    private final EngineFactory engines;
    private final DType type;
    private final Aggregation aggregation;
    private final SentParameters sent;
    private Broadcast<RawArray> constants;
    private double sending;
    private PassTimes last = PassTimes.ZERO;
    private PassTimes total = PassTimes.ZERO;

    /**
     * @param context of the jobs
     * @param engines made on executors as needed, kept for later passes
     * @param type to which parameters and direction are rounded before they travel
     * @param aggregation how partial sums are merged; results do not depend on it
     */
    public DistributedPass(JavaSparkContext context, EngineFactory engines, DType type, Aggregation aggregation) {
        this.context = context;
        this.engines = engines.sent(this::constants);
        this.type = type;
        this.aggregation = aggregation;
        this.sent = new SentParameters(context, type);
    }

    /**
     * A quantity over all rows, without dropout: one pass.
     *
     * @param data the shards
     * @param point of the evaluation; its arrays are kept by the caller
     * @return the sum in a fixed order over the shards; null if there are no rows
     */
    public <T extends Sum<T>> T evaluate(Quantity<T> quantity, ShardedData data, Point<double[]> point) {
        String what = (quantity.partition() == null ? "" : "summary: ") + quantity.title();
        return evaluate(
                what + " on " + data.rows() + " rows", quantity, data, BatchRows.allOf(data.rowsPerPartition()), point);
    }

    /**
     * A quantity over the rows of each group, without dropout: one pass.
     *
     * @param data the shards
     * @param groups of all rows of {@code data}, in their order
     * @param point of the evaluation; its arrays are kept by the caller
     * @return by group, the sum in a fixed order over the shards; groups without rows are left out
     */
    public <T extends Sum<T>> Map<Integer, T> evaluate(
            Quantity<T> quantity, ShardedData data, RowGroups groups, Point<double[]> point) {
        if (groups.rows() != data.rows()) {
            throw new IllegalArgumentException("groups of " + groups.rows() + " rows for " + data.rows());
        }
        String what = quantity.title() + " by group on " + data.rows() + " rows";
        long bytes = bytes(quantity, point.theta().length) * (groups.runs() / data.partitions() + 1);
        GroupSums<T> sums = at(
                point,
                there -> run(
                        what,
                        data,
                        new GroupSums.Evaluation<>(quantity, groups, data.rowsPerPartition(), there),
                        bytes));
        return sums == null ? Map.of() : sums.sums();
    }

    /**
     * Loss and correctly classified samples over all rows; {@link LossSum#ZERO} if there are none.
     *
     * @param data the shards
     * @param theta parameters [P]; kept by the caller
     */
    public LossSum loss(ShardedData data, double[] theta) {
        LossSum sum = evaluate(new Quantity.Loss(), data, Point.at(theta));
        return sum == null ? LossSum.ZERO : sum;
    }

    /**
     * A quantity over rows of each shard: one pass.
     *
     * @param description of the job, for the Spark UI
     * @param data the shards
     * @param rows taken of each shard
     * @param point of the evaluation; its arrays are kept by the caller
     * @return the sum in a fixed order over the shards; null if no row is taken
     */
    <T extends Sum<T>> T evaluate(
            String description, Quantity<T> quantity, ShardedData data, RowSelection rows, Point<double[]> point) {
        long bytes = bytes(quantity, point.theta().length);
        return at(point, there -> run(description, data, new ShardCall.Evaluation<>(quantity, rows, there), bytes));
    }

    /** Sends parameters, if executors do not have them yet, and a direction or null; both are rounded. */
    <T> T at(Point<double[]> point, Function<Point<Broadcast<RawArray>>, T> what) {
        long start = System.nanoTime();
        Broadcast<RawArray> parameters = sent.of(point.theta());
        if (point.direction() == null) {
            sending += secondsSince(start);
            return what.apply(new Point<>(parameters, null, point.seed()));
        }
        RawArray direction = RawArray.copyOf(type, point.direction());
        return sending(start, direction, along -> what.apply(new Point<>(parameters, along, point.seed())));
    }

    /** Broadcasts {@code value} for the duration of one pass. */
    <P, T> T sending(P value, Function<Broadcast<Carried<P>>, T> what) {
        return sending(System.nanoTime(), Carried.of(value), what);
    }

    private <P, T> T sending(long start, P value, Function<Broadcast<P>, T> what) {
        Broadcast<P> broadcast = context.broadcast(value);
        sending += secondsSince(start);
        try {
            return what.apply(broadcast);
        } finally {
            broadcast.destroy();
        }
    }

    /** Precision of the engine. */
    DType type() {
        return type;
    }

    /** Bytes of a quantity's sum, roughly. */
    long bytes(Quantity<?> quantity, int parameters) {
        Partition partition = quantity.partition();
        return partition == null
                ? (long) parameters * type.bytes()
                : (partition.size() + 2L) * partition.size() * Double.BYTES;
    }

    /**
     * One pass of any kind.
     *
     * @param description of the job, for the Spark UI
     * @param data the shards
     * @param call made once for each shard
     * @param bytes of one result, roughly
     * @return the sum in a fixed order over the shards; null if all are
     */
    <T extends Sum<T>> T run(String description, ShardedData data, ShardCall<T> call, long bytes) {
        long start = System.nanoTime();
        PassTask<T> task = new PassTask<>(data.partitions(), data.transform(), engines, call, bytes);
        SumJob.Outcome<PassTask.Partial<T>> outcome =
                described(description, () -> SumJob.run(data.rdd(), task, PassTask.Partial.merging(), aggregation));
        PassTask.Partial<T> partial = outcome.value();
        record(new PassTimes(
                secondsSince(start) + sending,
                partial == null ? 0 : partial.compute(),
                sending,
                partial == null ? 0 : partial.fetch(),
                outcome.mergeSeconds(),
                outcome.bytes()));
        return partial == null ? null : partial.value();
    }

    /**
     * Steps of an optimizer next to the data: one job.
     *
     * @param data the shards, all of which each task has
     * @param tasks of the job; more than one only if all run in one JVM
     * @param problem what the steps are made of
     * @param state before the first step
     * @param range which steps
     */
    StepTask.Made steps(
            ShardedData data,
            int tasks,
            StepTask.Problem problem,
            TrainingState state,
            SparkObjective.StepRange range) {
        String team = UUID.randomUUID().toString();
        if (state.bytes() <= WITH_TASK) {
            return steps(data, range, new StepTask(tasks, problem, state, null, range, team), tasks);
        }
        return sending(state, sent -> steps(data, range, new StepTask(tasks, problem, null, sent, range, team), tasks));
    }

    /** Lays out the shards: one job, a task for each. */
    void load(ShardedData data) {
        described("lay out " + data.rows() + " rows", () -> {
            data.load();
            return null;
        });
    }

    private StepTask.Made steps(ShardedData data, SparkObjective.StepRange range, StepTask task, int tasks) {
        long begin = System.nanoTime();
        String description = "steps " + (range.first() + 1) + " to " + (range.first() + range.most());
        SumJob.Outcome<StepTask.Made> outcome = described(
                description, () -> SumJob.run(data.together(tasks), task, StepTask.merging(), Aggregation.DEFAULT));
        StepTask.Made made = outcome.value();
        record(new PassTimes(
                secondsSince(begin) + sending - made.own(),
                made.compute(),
                sending,
                made.fetch(),
                made.merge() + outcome.mergeSeconds(),
                outcome.bytes()));
        return made;
    }

    private void record(PassTimes times) {
        last = times;
        total = total.plus(times);
        sending = 0;
    }

    /** Engines of the model. */
    EngineFactory engines() {
        return engines;
    }

    /** Removes the parameters and constants from the executors. */
    @Override
    public void close() {
        sent.close();
        if (constants != null) {
            constants.destroy();
        }
    }

    private Broadcast<RawArray> constants(RawArray values) {
        constants = context.broadcast(values);
        return constants;
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) * 1e-9;
    }

    /** Time of the last pass. */
    public PassTimes lastPassTimes() {
        return last;
    }

    /** Time of all passes. */
    public PassTimes totalPassTimes() {
        return total;
    }

    private <T> T described(String description, Supplier<T> job) {
        String before = context.getLocalProperty(DESCRIPTION);
        context.setLocalProperty(DESCRIPTION, description);
        try {
            return job.get();
        } finally {
            context.setLocalProperty(DESCRIPTION, before);
        }
    }
}
