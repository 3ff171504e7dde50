package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.feature.VectorSlicer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.ExplainMode;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.types.Metadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Spark's optimizer makes of transform, and frames of all kinds. */
class TransformTest {
    private static final String EVALUATION = "EvaluateNetwork";

    private static Frames frames;
    private static NeuralNetworkClassificationModel model;
    private static Dataset<Row> table;

    @TempDir
    static Path directory;

    @BeforeAll
    static void train() {
        frames = new Frames();
        model = Frames.classifier().setSummaryBatchSize(100).setMaxIter(1).fit(frames.digits(300));
        String path = directory.resolve("table").toString();
        frames.testDigits()
                .withColumn("id", functions.monotonically_increasing_id())
                .withColumn("text", functions.lit("text"))
                .withColumn("day", functions.expr("cast(label as int) % 4"))
                .write()
                .partitionBy("day")
                .parquet(path);
        table = frames.session().read().parquet(path);
    }

    @AfterAll
    static void close() {
        frames.close();
    }

    private static String plan(Dataset<Row> frame) {
        return ((org.apache.spark.sql.classic.Dataset<Row>) frame)
                .queryExecution()
                .executedPlan()
                .toString();
    }

    private static int evaluations(Dataset<Row> frame) {
        return (int) Pattern.compile(EVALUATION).matcher(plan(frame)).results().count();
    }

    /** Rows of a plain frame with predictions of the driver, row by row. */
    private static List<Double> ofDriver(Dataset<Row> frame, String features) {
        return frame.select(features).collectAsList().stream()
                .map(row -> model.predict(row.<Vector>getAs(0)))
                .toList();
    }

    private static List<Double> numbers(Dataset<Row> column) {
        return column.collectAsList().stream().map(row -> row.getDouble(0)).toList();
    }

    @Test
    void partitionFiltersReachTheScanWhichReadsTheFeaturesAlone() {
        Dataset<Row> predicted = model.transform(table).where("day = 3").select("prediction");
        String plan = plan(predicted);
        assertTrue(plan.matches("(?s).*PartitionFilters: \\[isnotnull\\(day#\\d+\\), \\(day#\\d+ = 3\\)\\].*"), plan);
        assertTrue(
                plan.contains("ReadSchema:"
                        + " struct<features:struct<type:tinyint,size:int,indices:array<int>,values:array<double>>>"),
                plan);
        assertEquals(ofDriver(table.where("day = 3"), "features"), numbers(predicted));
    }

    @Test
    void filtersOnOtherColumnsArePushedIntoTheFiles() {
        String plan = plan(
                model.transform(table).where("label > 5 and prediction = 1").select("id"));
        assertTrue(plan.contains("PushedFilters: [IsNotNull(label), GreaterThan(label,5.0)]"), plan);
        assertTrue(plan.indexOf(EVALUATION) < plan.indexOf("Filter (isnotnull(label"), plan);
        assertTrue(plan.contains("FileScan parquet [features#"), plan);
        assertFalse(plan.contains("text#"), plan);
    }

    @Test
    void outputsThatNobodyReadsAreNotComputed() {
        Dataset<Row> predicted = model.transform(table);
        assertEquals(0, evaluations(predicted.select("id")));
        assertEquals(0, evaluations(predicted.groupBy().count()));
        String one = plan(predicted.select("prediction"));
        assertTrue(one.contains("[PREDICTION]"), one);
        String all = plan(predicted);
        assertEquals(1, evaluations(predicted), all);
        assertTrue(all.contains("[RAW, PROBABILITY, PREDICTION]"), all);
    }

    @Test
    void aFilterOnThePredictionAndTheColumnsAboveAreEvaluatedOnce() {
        Dataset<Row> ones = model.transform(table).where("prediction = 1 and day < 3");
        assertEquals(1, evaluations(ones), plan(ones));
        long expected = ofDriver(table.where("day < 3"), "features").stream()
                .filter(each -> each == 1)
                .count();
        assertTrue(expected > 0);
        List<Row> rows = ones.collectAsList();
        assertEquals(expected, rows.size());
        for (Row row : rows) {
            assertArrayEquals(
                    model.predictProbability(row.getAs("features")).toArray(),
                    row.<Vector>getAs("probability").toArray(),
                    1e-5);
        }
    }

    @Test
    void featuresThatAPipelineMakesAreOneExpression() {
        VectorSlicer left = new VectorSlicer()
                .setInputCol("features")
                .setOutputCol("left")
                .setIndices(IntStream.range(0, 32).toArray());
        VectorSlicer right = new VectorSlicer()
                .setInputCol("features")
                .setOutputCol("right")
                .setIndices(IntStream.range(32, 64).toArray());
        VectorAssembler both = new VectorAssembler()
                .setInputCols(new String[] {"left", "right"})
                .setOutputCol("both");
        NeuralNetworkClassificationModel last = model.copy(ParamMap.empty()).setFeaturesCol("both");
        PipelineModel pipeline = new Pipeline()
                .setStages(new PipelineStage[] {left, right, both, last})
                .fit(table);
        Dataset<Row> predicted = pipeline.transform(table);
        Dataset<Row> ones = predicted.where("prediction = 1");
        assertEquals(1, evaluations(ones), plan(ones));
        assertEquals(
                table.count(), predicted.where("prediction >= 0").select("left").count());
        assertEquals(ofDriver(table, "features"), numbers(predicted.select("prediction")));
        String plan = plan(predicted.where("day = 3").select("prediction"));
        assertTrue(plan.contains("ReadSchema: struct<features:struct<"), plan);
        assertFalse(plan.contains("text#"), plan);
        assertEquals(
                ofDriver(table, "features").stream().filter(each -> each == 1).count(), ones.count());
    }

    @Test
    void aggregatesSortsAndJoinsReadOutputs() {
        Dataset<Row> predicted = model.transform(table);
        List<Double> expected = ofDriver(table, "features");
        Dataset<Row> counts = predicted.groupBy("prediction").count();
        assertEquals(1, evaluations(counts), plan(counts));
        for (Row row : counts.collectAsList()) {
            assertEquals(
                    expected.stream().filter(each -> each == row.getDouble(0)).count(), row.getLong(1));
        }
        assertEquals(
                expected.stream().sorted().toList(),
                numbers(predicted.select("prediction").orderBy("prediction")));
        Dataset<Row> names = frames.session().range(10).selectExpr("cast(id as double) as c", "id as name");
        Dataset<Row> joined = predicted.join(names, predicted.col("prediction").equalTo(names.col("c")));
        assertEquals(297, joined.count());
        assertEquals(0, joined.where("prediction <> name").count());
    }

    @Test
    void schemasAreThoseOfTransformSchema() {
        Dataset<Row> predicted = model.transform(table);
        assertEquals(model.transformSchema(table.schema()), predicted.schema());
        assertTrue(Arrays.stream(predicted.schema().fields())
                .filter(field -> field.name().startsWith("pr"))
                .noneMatch(field -> field.metadata().equals(Metadata.empty())));
    }

    @Test
    void columnsOfTheSameNameAreNoObstacleButFeaturesAre() {
        Dataset<Row> doubled = table.select(new Column[] {
            table.col("features"),
            table.col("label"),
            table.col("label"),
            table.col("id").as("label")
        });
        Dataset<Row> predicted = model.transform(doubled);
        assertEquals(7, predicted.columns().length);
        assertEquals(ofDriver(table, "features"), numbers(predicted.select("prediction")));
        assertEquals(
                table.select("id").collectAsList(),
                predicted
                        .toDF("features", "a", "b", "c", "r", "p", "y")
                        .select("c")
                        .collectAsList());
        Dataset<Row> ambiguous = table.select(table.col("features"), table.col("features"));
        assertEquals(
                "column 'features': found 2 of that name, expected one",
                assertThrows(IllegalArgumentException.class, () -> model.transform(ambiguous))
                        .getMessage());
    }

    @Test
    void streamsAreTransformed() throws TimeoutException, StreamingQueryException {
        Dataset<Row> stream = frames.session()
                .readStream()
                .schema(table.schema())
                .parquet(directory.resolve("table").toString());
        StreamingQuery query = model.transform(stream)
                .where("day = 3")
                .select("id", "prediction")
                .writeStream()
                .format("memory")
                .queryName("predictions")
                .start();
        try {
            query.processAllAvailable();
        } finally {
            query.stop();
        }
        Dataset<Row> ofBatch = model.transform(table).where("day = 3").select("id", "prediction");
        assertEquals(
                ofBatch.orderBy("id").collectAsList(),
                frames.session().table("predictions").orderBy("id").collectAsList());
    }

    /** Global views reach sessions which do not know the operator: there the expression is evaluated row by row. */
    @Test
    void anotherSessionComputesTheSame() {
        model.transform(table).createOrReplaceGlobalTempView("predicted");
        SparkSession other = ((SparkSession) frames.session()).newSession();
        Dataset<Row> there = other.table("global_temp.predicted");
        assertEquals(0, evaluations(there));
        List<Row> rows = there.collectAsList();
        assertEquals(297, rows.size());
        for (Row row : rows) {
            assertArrayEquals(
                    model.predictRaw(row.getAs("features")).toArray(),
                    row.<Vector>getAs("rawPrediction").toArray());
            assertEquals(model.predict(row.getAs("features")), row.<Double>getAs("prediction"));
        }
    }

    @Test
    void cachedFramesAreFoundAgain() {
        Dataset<Row> cached = model.transform(table).cache();
        try {
            cached.count();
            assertEquals(1, evaluations(model.transform(table).select("prediction")));
            assertTrue(plan(model.transform(table).select("prediction")).contains("InMemoryRelation"));
        } finally {
            cached.unpersist(true);
        }
    }

    @Test
    void localRowsAreLeftToTasks() {
        String local = plan(model.transform(frames.testDigits()).select("prediction"));
        assertTrue(local.contains(EVALUATION) && local.contains("LocalTableScan"), local);
    }

    @Test
    void aFrameIsJoinedWithItself() {
        Dataset<Row> predicted = model.transform(table);
        Dataset<Row> joined = predicted
                .as("a")
                .join(predicted.as("b"), functions.expr("a.id = b.id and a.prediction = b.prediction"))
                .select("a.id", "b.rawPrediction");
        assertEquals(297, joined.count());
    }

    @Test
    void explainShowsTheEvaluationInEveryMode() {
        for (String mode : List.of("simple", "extended", "codegen", "cost", "formatted")) {
            String text = ((org.apache.spark.sql.classic.Dataset<Row>) model.transform(table))
                    .queryExecution()
                    .explainString(ExplainMode.fromString(mode));
            assertTrue(mode.equals("codegen") || text.contains(EVALUATION), text);
        }
    }
}
