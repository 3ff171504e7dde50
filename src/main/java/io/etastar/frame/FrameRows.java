package io.etastar.frame;

import io.etastar.UserError;
import io.etastar.data.BatchTransform;
import io.etastar.data.ChannelMoments;
import io.etastar.data.RowDigest;
import io.etastar.data.RowShape;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.frame.FrameColumns.Kind;
import io.etastar.spark.rows.Carried;
import io.etastar.spark.rows.RowGroups;
import io.etastar.spark.rows.Rows;
import io.etastar.table.ClassValues;
import io.etastar.table.TableEncoding;
import io.etastar.tensor.RawArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a DataFrame as data to train on or to test with. The frame is computed once and kept, in memory or on disk, until
 * {@link #close}.
 *
 * <p>Rows are numbered in the order of the frame's partitions, which decides what a batch is. The same rows in the same order
 * give the same shards, however the frame is partitioned; a frame without an order of its own (after a join, say) is sorted
 * first if results must be repeatable.
 */
public final class FrameRows implements Rows {
    static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private static final String INPUTS = "etastar inputs";
    private static final String DESCRIPTION = "spark.job.description";

    private final RowShape shape;
    private final BatchTransform transform;
    private final int count;
    private final Kept kept;
    private final TableEncoding encoding;

    /** The part that views of the same rows share. */
    private record Kept(
            JavaRDD<Carried<FrameBlock>> blocks,
            boolean wide,
            FrameShards.Counted counted,
            RowGroups groups,
            FrameBlock.Facts facts,
            ClassValues values,
            Map<Layout, JavaRDD<Shard>> layouts) {}

    /** A key of shards: rows that were brought together for one job are there for the next. */
    private record Layout(int count, int partitions) {}

    private FrameRows(RowShape shape, BatchTransform transform, int count, Kept kept, TableEncoding encoding) {
        this.shape = shape;
        this.transform = transform;
        this.count = count;
        this.kept = kept;
        this.encoding = encoding;
        shape();
    }

    /**
     * Checks and counts the rows: one Spark job; two more passes at most if labels are to say which classes there are, and are no
     * class indices.
     *
     * @param description of the frame, for messages and job descriptions
     * @param asked which columns to read
     * @throws UserError naming the column, what was found and what is expected
     */
    public static FrameRows of(String description, Dataset<Row> frame, FrameColumns asked) {
        asked.featureKind(frame.schema());
        FrameColumns columns =
                asked.withShapeOf(frame).withIndices(frame.schema()).withNamedClasses(frame);
        FrameRows rows = read(description, frame, columns);
        return rows != null ? rows : read(description, frame, columns.withFound(frame));
    }

    /** Null if labels are no class indices, and rows are to say what they are. */
    private static @Nullable FrameRows read(String description, Dataset<Row> frame, FrameColumns columns) {
        StructType schema = frame.schema();
        Kind features = columns.featureKind(schema);
        Kind label = columns.label() == null ? null : columns.labelKind(schema);
        SparseRows.check(frame, columns, features);
        FrameReader reader = new FrameReader(columns, features, label, columns.isWide(schema));
        JavaRDD<Carried<FrameBlock>> blocks = columns.select(frame)
                .queryExecution()
                .toRdd()
                .toJavaRDD()
                .mapPartitions(new FramePacker(reader), true)
                .map(Carried::of)
                .setName(description)
                .persist(StorageLevel.MEMORY_AND_DISK());
        FrameRows checked = null;
        try {
            checked = checked(description, columns, label, reader.isWide(), blocks);
            return checked;
        } finally {
            // Whatever a job of Spark throws, checked exceptions undeclared.
            if (checked == null) {
                blocks.unpersist();
            }
        }
    }

    private static @Nullable FrameRows checked(
            String description, FrameColumns columns, Kind label, boolean wide, JavaRDD<Carried<FrameBlock>> blocks) {
        List<Carried<FrameBlock.Facts>> found = described(
                blocks.context(),
                "check and count " + description,
                () -> blocks.mapPartitions(part -> {
                            FrameBlock.Facts sum = FrameBlock.Facts.NONE;
                            while (part.hasNext()) {
                                sum = sum.and(part.next().value().facts(), columns);
                            }
                            return List.of(Carried.of(sum)).iterator();
                        })
                        .collect());
        List<FrameBlock.Facts> parts = found.stream().map(Carried::value).toList();
        FrameBlock.Facts all = parts.stream().reduce(FrameBlock.Facts.NONE, (a, b) -> a.and(b, columns));
        if (FrameReader.OTHER_LABELS.equals(all.problem()) || !columns.areAllPresent(all.present())) {
            return null;
        }
        if (all.problem() != null) {
            throw new UserError(all.problem());
        }
        if (all.rows() == 0 || all.rows() > Integer.MAX_VALUE) {
            throw new UserError(
                    UserError.Subject.of(description),
                    (all.rows() == 0 ? "no" : "" + all.rows()) + " rows",
                    "1 to " + Integer.MAX_VALUE);
        }
        if (columns.weight() != null && all.weight() == 0) {
            throw new UserError(
                    UserError.Subject.column(columns.weight()), "0 in every row", "at least one row that counts");
        }
        int[] features = columns.featureShape() == null ? new int[] {all.features()} : columns.featureShape();
        if (length(features) != all.features()) {
            throw new UserError(
                    UserError.Subject.column(columns.featureName()),
                    "rows of " + all.features() + " elements",
                    length(features) + ", those of shape " + Arrays.toString(features));
        }
        int[] targets = columns.label() == null ? features : isScalar(label) ? new int[0] : new int[] {all.targets()};
        int classes = columns.classes() == FrameColumns.FOUND ? (int) all.most() + 1 : columns.classes();
        FrameShards.Counted counted = new FrameShards.Counted(
                description, parts.stream().map(FrameBlock.Facts::content).toArray(RowDigest[]::new));
        RowShape shape = new RowShape(
                description,
                features,
                targets,
                classes,
                columns.values() == null ? List.of() : columns.values().names());
        ClassValues values = columns.values() == null ? ClassValues.INDICES : columns.values();
        return new FrameRows(
                shape,
                null,
                (int) all.rows(),
                new Kept(blocks, wide, counted, groups(parts), all, values, new HashMap<>()),
                null);
    }

    /** Those of the partitions one after another: within each, rows are sorted by group. */
    private static RowGroups groups(List<FrameBlock.Facts> parts) {
        List<RowGroups.Run> runs = new ArrayList<>();
        parts.forEach(part -> part.groups().forEach((group, rows) -> runs.add(new RowGroups.Run(group, rows))));
        return RowGroups.of(runs);
    }

    private static boolean isScalar(Kind label) {
        return label == Kind.NUMBER || label == Kind.TEXT;
    }

    private static long length(int[] shape) {
        return Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b);
    }

    /** Rows of a table: columns are encoded as they are read. */
    public static FrameRows of(
            String description, Dataset<Row> frame, FrameColumns asked, TableEncoding encoding, boolean doubles) {
        if (encoding == null) {
            return of(description, frame, asked);
        }
        Dataset<Row> encoded = frame.withColumn(INPUTS, FrameTable.encoded(frame, encoding, doubles));
        Dataset<Row> kept = encoding.invalid() == TableEncoding.Invalid.SKIP
                ? encoded.filter(encoded.col(INPUTS).isNotNull())
                : encoded;
        FrameRows rows = of(description, kept, asked.withFeatures(INPUTS));
        return new FrameRows(rows.shape, rows.transform, rows.count, rows.kept, encoding);
    }

    /** Which rows are of which group; without a run if the columns name no groups. */
    public RowGroups groups() {
        return kept.groups;
    }

    /** The same rows, to be standardised in double precision whatever the frame has them in. */
    public FrameRows widened() {
        Kept same = new Kept(kept.blocks, true, kept.counted, kept.groups, kept.facts, kept.values, kept.layouts);
        return new FrameRows(shape, transform, count, same, encoding);
    }

    @Override
    public TableEncoding encoding() {
        return encoding;
    }

    @Override
    public ClassValues classValues() {
        return kept.values;
    }

    @Override
    public FrameRows with(BatchTransform change) {
        return new FrameRows(shape, change, count, kept, encoding);
    }

    @Override
    public FrameRows first(int first) {
        if (first < 1 || first > count) {
            throw new IllegalArgumentException("the first " + first + " of " + count + " rows");
        }
        return new FrameRows(shape, transform, first, kept, encoding);
    }

    @Override
    public RowShape stored() {
        return shape;
    }

    @Override
    public int count() {
        return count;
    }

    /** The smallest and the largest of the frame. */
    @Override
    public RawArray someTargets() {
        return RawArray.of(new double[] {kept.facts.least(), kept.facts.most()});
    }

    @Override
    public BatchTransform transform() {
        return transform;
    }

    /** Does nothing: rows were checked when they were counted. */
    @Override
    public void check() {}

    /** Rows travel once, and not at all if the frame is partitioned so already. */
    @Override
    public JavaRDD<Shard> lay(JavaSparkContext context, int partitions) {
        long largest = (count + partitions - 1L) / partitions * Math.max(kept.facts.features(), kept.facts.targets());
        if (largest > LARGEST_ARRAY) {
            long expected = (long) count * kept.facts.features() / LARGEST_ARRAY + 1;
            throw new UserError(
                    UserError.Subject.setting("data.partitions"),
                    partitions,
                    "at least " + expected + ": " + largest + " numbers do not fit into one shard");
        }
        return kept.layouts.computeIfAbsent(
                new Layout(count, partitions), key -> FrameShards.of(kept.blocks, kept.counted, count, partitions));
    }

    @Override
    public boolean isWide() {
        return kept.wide;
    }

    /** Known since they were counted. */
    @Override
    public RowDigest digest() {
        return kept.facts.content();
    }

    /** Over the shards in their order: one Spark job. */
    @Override
    public Standardisation measure(int partitions) {
        return measured("measure " + shape.description(), partitions, Shard::features, shape.features());
    }

    private Standardisation measured(
            String description, int partitions, Function<Shard, RawArray> of, int... elements) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(kept.blocks.context());
        JavaRDD<Carried<ChannelMoments>> moments =
                lay(context, partitions).map(shard -> Carried.of(ChannelMoments.of(of.call(shard), elements)));
        return described(moments.context(), description, moments::collect).stream()
                .map(Carried::value)
                .reduce(ChannelMoments::plus)
                .orElseThrow()
                .standardisation();
    }

    /** Over the shards in their order: one Spark job. Null for classes. */
    @Override
    public Standardisation measureTargets(int partitions) {
        if (shape.classes() > 0) {
            return null;
        }
        Standardisation each =
                measured("measure targets of " + shape.description(), partitions, Shard::targets, shape.targetLength());
        double[] deviation = each.deviation().clone();
        Arrays.fill(
                deviation,
                Math.sqrt(Arrays.stream(deviation).map(d -> d * d).average().orElse(1)));
        return new Standardisation(each.mean(), deviation);
    }

    @Override
    public void close() {
        kept.blocks.unpersist();
    }

    /** Runs a Spark job under a description that says what it is for. */
    private static <T> T described(SparkContext context, String description, Supplier<T> job) {
        String before = context.getLocalProperty(DESCRIPTION);
        context.setLocalProperty(DESCRIPTION, description);
        try {
            return job.get();
        } finally {
            context.setLocalProperty(DESCRIPTION, before);
        }
    }
}
