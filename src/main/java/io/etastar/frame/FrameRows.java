package io.etastar.frame;

import io.etastar.UserError;
import io.etastar.data.BatchTransform;
import io.etastar.data.ChannelMoments;
import io.etastar.data.DataRows;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.frame.FrameColumns.Kind;
import io.etastar.tensor.RawArray;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Rows of a DataFrame as data to train on or to test with. The frame is computed once and kept, in memory or on disk, until
 * {@link #close}.
 *
 * <p>Rows are numbered in the order of the frame's partitions, which decides what a batch is. The same rows in the same order
 * give the same shards, however the frame is partitioned; a frame without an order of its own (after a join, say) is sorted
 * first where results must be repeatable.
 */
public final class FrameRows implements DataRows, AutoCloseable {
    static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final String description;
    private final int[] featureShape;
    private final int[] targetShape;
    private final int classes;
    private final BatchTransform transform;
    private final Kept kept;

    /** What views of the same rows share. */
    private record Kept(
            JavaRDD<FrameBlock> blocks, long[] rows, BlockFacts facts, Map<Integer, JavaRDD<Shard>> shards) {}

    private FrameRows(
            String description,
            int[] featureShape,
            int[] targetShape,
            int classes,
            BatchTransform transform,
            Kept kept) {
        this.description = description;
        this.featureShape = featureShape;
        this.targetShape = targetShape;
        this.classes = classes;
        this.transform = transform;
        this.kept = kept;
        modelRows();
    }

    /**
     * Checks and counts the rows: one Spark job.
     *
     * @param description of the frame, for messages and job descriptions
     * @param asked which columns to read
     * @throws UserError naming the column, what was found and what is expected
     */
    public static FrameRows of(String description, Dataset<Row> frame, FrameColumns asked) {
        FrameColumns columns = asked.withShapeOf(frame);
        StructType schema = frame.schema();
        Kind features = columns.featureKind(schema);
        Kind label = columns.label() == null ? null : columns.labelKind(schema);
        FrameReader reader = new FrameReader(columns, features, label);
        JavaRDD<FrameBlock> blocks = columns.select(frame)
                .queryExecution()
                .toRdd()
                .toJavaRDD()
                .mapPartitions(new FramePacker(reader), true)
                .setName(description)
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            return checked(description, columns, label, blocks);
        } catch (RuntimeException e) {
            blocks.unpersist();
            throw e;
        }
    }

    private static FrameRows checked(String description, FrameColumns columns, Kind label, JavaRDD<FrameBlock> blocks) {
        List<BlockFacts> parts = Described.job(
                blocks.context(),
                "check and count " + description,
                () -> blocks.mapPartitions(part -> {
                            BlockFacts sum = BlockFacts.NONE;
                            while (part.hasNext()) {
                                sum = sum.and(part.next().facts(), columns);
                            }
                            return List.of(sum).iterator();
                        })
                        .collect());
        BlockFacts all = parts.stream().reduce(BlockFacts.NONE, (a, b) -> a.and(b, columns));
        if (all.problem() != null) {
            throw new UserError(all.problem());
        }
        if (all.rows() == 0 || all.rows() > Integer.MAX_VALUE) {
            throw new UserError(description + ": found " + (all.rows() == 0 ? "no" : "" + all.rows())
                    + " rows, expected 1 to " + Integer.MAX_VALUE);
        }
        int[] features = columns.featureShape() == null ? new int[] {all.features()} : columns.featureShape();
        if (length(features) != all.features()) {
            throw new UserError("column '" + columns.featureName() + "': found rows of " + all.features()
                    + " elements, expected " + length(features) + ", those of shape " + Arrays.toString(features));
        }
        int[] targets =
                columns.label() == null ? features : label == Kind.NUMBER ? new int[0] : new int[] {all.targets()};
        int classes = columns.classes() == FrameColumns.FOUND ? (int) all.most() + 1 : columns.classes();
        long[] rows = parts.stream().mapToLong(BlockFacts::rows).toArray();
        return new FrameRows(
                description, features, targets, classes, null, new Kept(blocks, rows, all, new HashMap<>()));
    }

    private static long length(int[] shape) {
        return Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b);
    }

    /**
     * The same rows, transformed in each pass; of this object's life.
     *
     * @param change null for none
     * @throws UserError if the transform does not take such rows
     */
    public FrameRows with(BatchTransform change) {
        return new FrameRows(description, featureShape, targetShape, classes, change, kept);
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public int[] featureShape() {
        return featureShape.clone();
    }

    @Override
    public int[] targetShape() {
        return targetShape.clone();
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public int rows() {
        return (int) kept.facts.rows();
    }

    /** The smallest and the largest. */
    @Override
    public RawArray someTargets() {
        return RawArray.of(new double[] {kept.facts.least(), kept.facts.most()});
    }

    @Override
    public BatchTransform transform() {
        return transform;
    }

    @Override
    public FrameRows forEvaluation() {
        return transform != null && transform.trainingOnly() ? with(null) : this;
    }

    /**
     * The rows laid out, lazily: partition j of p holds rows [j n / p, (j + 1) n / p) as one shard, as stored, in arrays that
     * are made anew whenever it is computed. Rows travel once, and not at all if the frame is partitioned so already.
     *
     * @param partitions p
     * @throws UserError if a shard would be too large for an array
     */
    public JavaRDD<Shard> shards(int partitions) {
        long largest = (rows() + partitions - 1L) / partitions * Math.max(kept.facts.features(), kept.facts.targets());
        if (largest > LARGEST_ARRAY) {
            long expected = (long) rows() * kept.facts.features() / LARGEST_ARRAY + 1;
            throw new UserError("data.partitions: found " + partitions + ", expected at least " + expected + ": "
                    + largest + " numbers do not fit into one shard");
        }
        return kept.shards.computeIfAbsent(partitions, p -> FrameShards.of(kept.blocks, kept.rows, p));
    }

    /**
     * Mean and deviation of each channel, over the shards in their order: one Spark job.
     *
     * @param partitions number of shards; rounding depends on it
     */
    public Standardisation measure(int partitions) {
        int[] shape = featureShape();
        JavaRDD<ChannelMoments> moments = shards(partitions).map(shard -> ChannelMoments.of(shard.features(), shape));
        return Described.job(moments.context(), "measure " + description, moments::collect).stream()
                .reduce(ChannelMoments::plus)
                .orElseThrow()
                .standardisation();
    }

    /** Frees what is kept. */
    @Override
    public void close() {
        kept.blocks.unpersist();
    }
}
