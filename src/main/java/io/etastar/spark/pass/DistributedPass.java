package io.etastar.spark.pass;

import io.etastar.UserError;
import io.etastar.partition.Partition;
import io.etastar.quantity.Sum;
import io.etastar.spark.engine.EngineFactory;
import io.etastar.spark.rows.RowSelection;
import io.etastar.spark.rows.ShardedData;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Runs an engine over rows of all shards and sums the results, in one Spark job. Used by one driver thread at a time. Parameters
 * stay on executors for further passes at the same ones, until this is closed.
 */
public final class DistributedPass implements AutoCloseable {
    private static final String DESCRIPTION = "spark.job.description";

    private final JavaSparkContext context;
    private final EngineFactory engines;
    private final DType type;
    private final Aggregation aggregation;
    private final SentParameters sent;
    private double sending;
    private PassTimes last = PassTimes.ZERO;
    private PassTimes total = PassTimes.ZERO;

    /**
     * @param context of the jobs
     * @param engines made on executors as needed, kept for later passes
     * @param type to which parameters and direction are rounded before they travel
     * @param aggregation how partial sums come together; results do not depend on it
     * @throws UserError if the context's serializer cannot carry the results
     */
    public DistributedPass(JavaSparkContext context, EngineFactory engines, DType type, Aggregation aggregation) {
        String serializer = context.getConf().get("spark.serializer", "org.apache.spark.serializer.JavaSerializer");
        if (!serializer.endsWith(".JavaSerializer")) {
            throw new UserError("spark.serializer: found " + serializer
                    + ", expected the default, org.apache.spark.serializer.JavaSerializer");
        }
        this.context = context;
        this.engines = engines;
        this.type = type;
        this.aggregation = aggregation;
        this.sent = new SentParameters(context, type);
    }

    /** One pass in which nothing is random. */
    public <T extends Sum<T>> T run(
            String description,
            ShardedData data,
            RowSelection rows,
            double[] theta,
            double[] direction,
            Partition partition,
            EngineCall<T> call) {
        return run(description, data, rows, theta, direction, partition, null, call);
    }

    /**
     * One pass.
     *
     * @param description of the job, for the Spark UI
     * @param data the shards
     * @param rows taken of each shard
     * @param theta parameters [P]; kept by the caller
     * @param direction u or v [P], or null for passes without one
     * @param partition of the summary, or null for other passes
     * @param seed of what is random in the engine, or null
     * @param call made once for each shard with rows
     * @return the sum in a fixed order over the shards; null if no row is taken
     */
    public <T extends Sum<T>> T run(
            String description,
            ShardedData data,
            RowSelection rows,
            double[] theta,
            double[] direction,
            Partition partition,
            Long seed,
            EngineCall<T> call) {
        EnginePass<T> pass = EnginePass.of(data, partition, rows, call);
        long bytes = partition == null ? bytes(theta.length) : bytes(partition);
        return at(theta, direction, seed, point -> run(description, data, on -> pass.at(point, on), bytes));
    }

    /** What is done at a point. */
    interface AtPoint<T> {
        T run(Point point);
    }

    /** Sends parameters, where executors do not have them yet, and a direction or null; both are rounded. */
    <T> T at(double[] theta, double[] direction, Long seed, AtPoint<T> what) {
        long start = System.nanoTime();
        Broadcast<RawArray> parameters = sent.of(theta);
        if (direction == null) {
            sending += secondsSince(start);
            return what.run(new Point(parameters, null, seed));
        }
        return sending(start, RawArray.copyOf(type, direction), along -> what.run(new Point(parameters, along, seed)));
    }

    /** What is done with a broadcast. */
    interface With<P, T> {
        T run(Broadcast<P> broadcast);
    }

    /** Sends {@code value} for the time of one pass. */
    <P, T> T sending(P value, With<P, T> what) {
        return sending(System.nanoTime(), value, what);
    }

    private <P, T> T sending(long start, P value, With<P, T> what) {
        Broadcast<P> broadcast = context.broadcast(value);
        sending += secondsSince(start);
        try {
            return what.run(broadcast);
        } finally {
            broadcast.destroy();
        }
    }

    /** Precision of the engine. */
    DType type() {
        return type;
    }

    /** Bytes of a gradient. */
    long bytes(int parameters) {
        return (long) parameters * (type == DType.FLOAT ? Float.BYTES : Double.BYTES);
    }

    /** Bytes of a summary. */
    static long bytes(Partition partition) {
        return (partition.size() + 2L) * partition.size() * Double.BYTES;
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
        PassTask<T> task = new PassTask<>(data.partitions(), engines, call);
        SumJob.Outcome<Partial<T>> outcome =
                described(description, () -> SumJob.run(data.rdd(), task, Partial.merging(), aggregation, bytes));
        Partial<T> partial = outcome.value();
        last = new PassTimes(
                secondsSince(start) + sending,
                partial == null ? 0 : partial.compute(),
                sending,
                partial == null ? 0 : partial.fetch(),
                outcome.mergeSeconds(),
                outcome.bytes());
        sending = 0;
        total = total.plus(last);
        return partial == null ? null : partial.value();
    }

    /** Has executors drop the parameters that they hold for the next pass. */
    @Override
    public void close() {
        sent.close();
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) * 1e-9;
    }

    /** All rows of each shard. */
    public static RowSelection allRows(ShardedData data) {
        int[] counts = data.rowsPerPartition();
        return partition -> IntStream.range(0, counts[partition]).toArray();
    }

    /** Time of the last pass. */
    public PassTimes lastPassTimes() {
        return last;
    }

    /** Time of all passes. */
    public PassTimes totalPassTimes() {
        return total;
    }

    private <T> T described(String description, java.util.function.Supplier<T> job) {
        String before = context.getLocalProperty(DESCRIPTION);
        context.setLocalProperty(DESCRIPTION, description);
        try {
            return job.get();
        } finally {
            context.setLocalProperty(DESCRIPTION, before);
        }
    }
}
