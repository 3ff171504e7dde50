package io.etastar.spark.rows;

import io.etastar.data.BatchTransform;
import io.etastar.data.RowDigest;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.tensor.DType;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.storage.StorageLevel;

/**
 * A data set as a cached RDD of shards, exactly one in each partition: partition i of p holds rows [i n / p, (i + 1) n / p)
 * of the source; if p > n, some hold none. Executors read the source themselves, when a job first needs it.
 */
public final class ShardedData implements AutoCloseable {
    private final JavaRDD<Shard> shards;
    private final int[] rows;
    private final BatchTransform transform;
    private RowDigest digest;

    /** Lays the data out in the precision in which the source has them. */
    public ShardedData(JavaSparkContext context, Rows source, Standardisation standardisation, int partitions) {
        this(context, source, standardisation, null, partitions, DType.DOUBLE);
    }

    /**
     * Lays training rows out, and behind those of each shard rows of a data set of its own; runs no job. All numbers of rows are
     * those of the training rows.
     *
     * @param behind rows of the same shape, standardised and changed as the training rows are
     */
    public ShardedData(
            JavaSparkContext context,
            Rows source,
            Rows behind,
            Standardisation standardisation,
            Standardisation targets,
            int partitions,
            DType type) {
        digest = source.digest();
        transform = source.transform();
        rows = rowsPerPartition(source.count(), partitions);
        shards = standardised(context, source, standardisation, targets, partitions, type)
                .zipPartitions(
                        standardised(context, behind, standardisation, targets, partitions, type),
                        (first, second) ->
                                List.of(first.next().followedBy(second.next())).iterator())
                .setName(source.stored().description() + " and "
                        + behind.stored().description())
                .persist(StorageLevel.MEMORY_AND_DISK());
    }

    /**
     * Lays the data out; runs no job.
     *
     * @param context of the RDD
     * @param source the rows
     * @param standardisation applied to features, in double precision, or null
     * @param targets applied to targets, in double precision, or null
     * @param partitions p, at least 1
     * @param type of the engines: features of a higher precision are rounded to it
     */
    public ShardedData(
            JavaSparkContext context,
            Rows source,
            Standardisation standardisation,
            Standardisation targets,
            int partitions,
            DType type) {
        digest = source.digest();
        transform = source.transform();
        rows = rowsPerPartition(source.count(), partitions);
        shards = standardised(context, source, standardisation, targets, partitions, type)
                .setName(source.stored().description())
                .persist(StorageLevel.MEMORY_AND_DISK());
    }

    /**
     * Has all stages over the shards ask for these resources; before the first of them.
     *
     * @return this
     */
    public ShardedData withResources(ResourceProfile resources) {
        shards.withResources(resources);
        return this;
    }

    private static JavaRDD<Shard> standardised(
            JavaSparkContext context,
            Rows source,
            Standardisation standardisation,
            Standardisation targets,
            int partitions,
            DType type) {
        Standardise each = new Standardise(
                standardisation, targets, source.stored().features(), type, source.isWide(), source.digest() == null);
        return source.lay(context, partitions).map(each);
    }

    /** Rows of each of {@code partitions} shards of {@code rows} rows. */
    public static int[] rowsPerPartition(int rows, int partitions) {
        return IntStream.range(0, partitions)
                .map(i -> start(rows, partitions, i + 1) - start(rows, partitions, i))
                .toArray();
    }

    /** First row of partition {@code index} of {@code partitions}. */
    static int start(int rows, int partitions, int index) {
        return (int) ((long) index * rows / partitions);
    }

    /** The shards; partition i holds shard i alone. */
    public JavaRDD<Shard> rdd() {
        return shards;
    }

    /**
     * Some of the rows, spread over all of them, as a shard in each partition: of as many ranges as there are rows wanted one each, drawn.
     *
     * @param most how many rows, at least 1
     * @param seed of the draws
     */
    public JavaRDD<Shard> spread(int most, long seed) {
        if (most >= rows()) {
            return shards;
        }
        int[] counts = rows.clone();
        int all = rows();
        return shards.mapPartitionsWithIndex(
                (index, held) -> {
                    int first = IntStream.range(0, index).map(i -> counts[i]).sum();
                    int[] picked = IntStream.range(first, first + counts[index])
                            .filter(row -> isPicked(row, all, most, seed))
                            .map(row -> row - first)
                            .toArray();
                    return List.of(held.next().pick(picked)).iterator();
                },
                true);
    }

    private static boolean isPicked(long row, long all, long most, long seed) {
        long range = row * most / all;
        long from = (range * all + most - 1) / most;
        long to = ((range + 1) * all + most - 1) / most;
        return row == from + new SplittableRandom(seed + range).nextLong(to - from);
    }

    /**
     * The shards in the hands of each of several tasks: every partition holds all shards, in order. For data that lie in one
     * JVM, or are one shard: they are not copied.
     *
     * @param tasks number of partitions
     */
    public JavaRDD<Shard> together(int tasks) {
        if (tasks == 1 && rows.length == 1) {
            return shards;
        }
        JavaRDD<Shard> all = shards.coalesce(1);
        JavaRDD<Shard> several = all;
        for (int i = 1; i < tasks; i++) {
            several = several.union(all);
        }
        return several;
    }

    /** Lays the shards out now, in one job, a task for each. */
    public void load() {
        shards.foreachPartition(laid -> {});
    }

    /** A text that tells these rows from others; if they are not known yet, they are laid out now, in one job. */
    public String digest() {
        if (digest == null) {
            int[] counts = rows.clone();
            digest = digest((index, shard) ->
                    new RowDigest(counts[index], shard.digest().value()));
        }
        return digest.toString();
    }

    /** A text that tells the rows that lie behind the training rows from others; one job. */
    public String digestBehind() {
        int[] counts = rows.clone();
        return digest((index, shard) -> RowDigest.of(shard, counts[index], shard.rows()))
                .toString();
    }

    private RowDigest digest(Function2<Integer, Shard, RowDigest> ofShard) {
        return shards
                .mapPartitionsWithIndex(
                        (index, all) -> List.of(Carried.of(ofShard.call(index, all.next())))
                                .iterator(),
                        false)
                .collect()
                .stream()
                .map(Carried::value)
                .reduce(RowDigest.NONE, RowDigest::plus);
    }

    /** Number of partitions p. */
    public int partitions() {
        return rows.length;
    }

    /** Rows of each partition [p]; a copy. */
    public int[] rowsPerPartition() {
        return rows.clone();
    }

    /** Rows of all partitions. */
    public int rows() {
        return IntStream.of(rows).sum();
    }

    /** The change of the rows in each pass, or null. */
    public BatchTransform transform() {
        return transform;
    }

    /** Frees the cached shards. */
    @Override
    public void close() {
        shards.unpersist();
    }

    /** Standardises one shard, in place if it has the precision of the engines already. */
    private record Standardise(
            Standardisation standardisation,
            Standardisation targets,
            int[] shape,
            DType type,
            boolean wide,
            boolean digests)
            implements Function<Shard, Shard> {
        @Override
        public Shard call(Shard stored) {
            RowDigest digest = digests ? RowDigest.of(stored) : RowDigest.NONE;
            Shard shard = wide && type == DType.DOUBLE ? stored.widened() : stored;
            if (standardisation != null && shard.rows() > 0) {
                standardisation.applyInPlace(shard, shape);
            }
            if (targets != null && shard.rows() > 0) {
                targets.applyInPlace(shard.targets());
            }
            return shard.roundedTo(type).withDigest(digest);
        }
    }
}
