package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models at work on frames as people have them. */
@Tag("rough")
class RoughTransformTest {
    private static Frames frames;
    private static NeuralNetworkClassificationModel model;

    @TempDir
    static Path directory;

    @BeforeAll
    static void open() {
        frames = new Frames();
        model = new NeuralNetworkClassifier("c")
                .setLayers(new int[] {2, 4, 3})
                .setBatchSize(30)
                .setMaxIter(2)
                .fit(rows());
    }

    @AfterAll
    static void close() {
        frames.close();
    }

    private static Dataset<Row> rows() {
        return frames.session()
                .range(0, 90, 1, 2)
                .selectExpr("array(rand(1), rand(2)) as features", "cast(id % 3 as double) as label", "id");
    }

    /** The frame's columns come back as they were, with predictions. */
    private static void assertUntouched(Dataset<Row> frame) {
        Dataset<Row> predicted = model.transform(frame);
        int width = frame.columns().length;
        assertEquals(width + 3, predicted.columns().length);
        List<Row> before = frame.collectAsList();
        List<Row> after = predicted.collectAsList();
        for (int i = 0; i < before.size(); i++) {
            for (int c = 0; c < width; c++) {
                assertEquals(before.get(i).get(c), after.get(i).get(c), frame.columns()[c]);
            }
        }
        assertEquals(90, predicted.select("prediction").distinct().count() > 0 ? after.size() : 0);
    }

    @Test
    void intervalsPassThrough() {
        assertUntouched(rows().selectExpr(
                        "*",
                        "date'2024-03-01' - date'2023-01-01' as days",
                        "interval '1-2' year to month as months",
                        "struct(timestamp'2024-03-01' - timestamp'2023-01-01' as inner) as nested",
                        "array(interval 3 months) as several",
                        "make_interval(1, 2, 3) as calendar"));
    }

    @Test
    void datesOfTheGapOf1582PassThrough() {
        assertUntouched(rows().selectExpr(
                        "*",
                        "date_add(date'1582-10-01', int(id % 20)) as day",
                        "timestamp_micros(-62135596800000000 + id * 86400000000 * 7411) as time",
                        "timestamp_ntz'1582-10-10 10:00:00' as local"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "ID"})
    void columnsOfTheSameNamePassThrough(String name) {
        Dataset<Row> some = rows();
        Dataset<Row> doubled = some.select(some.col("*"), some.col("id").plus(1).as(name));
        Dataset<Row> predicted = model.transform(doubled);
        assertEquals(
                List.of("features", "label", "id", name),
                List.of(predicted.columns()).subList(0, 4));
        List<Row> after = predicted.collectAsList();
        assertEquals(90, after.size());
        after.forEach(row -> assertEquals(row.getLong(2) + 1, row.getLong(3)));
    }

    @Test
    void filtersAndPruningReachThePartitionedTable() {
        String path = directory.resolve("table").toString();
        rows().withColumn("day", functions.expr("id % 5"))
                .write()
                .partitionBy("day")
                .parquet(path);
        Dataset<Row> predicted = model.transform(frames.session().read().parquet(path))
                .where("day = 3")
                .select("prediction");
        String plan = ((org.apache.spark.sql.classic.Dataset<Row>) predicted)
                .queryExecution()
                .executedPlan()
                .toString();
        assertFalse(plan.contains("PartitionFilters: []"), plan);
        assertTrue(plan.contains("ReadSchema: struct<features:array<double>>"), plan);
        assertEquals(18, predicted.collectAsList().size());
    }

    private static List<Double> ofDriver(Dataset<Row> frame) {
        return frame.select(functions.expr("features")).collectAsList().stream()
                .map(row -> model.predict(Vectors.dense(row.<Double>getList(0).stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray())))
                .toList();
    }

    @Test
    void modelsPredictInUdfs() {
        var udf = functions.udf(
                (UDF1<scala.collection.Seq<Double>, Double>)
                        values -> model.predict(Vectors.dense((double) values.apply(0), (double) values.apply(1))),
                DataTypes.DoubleType);
        assertEquals(
                ofDriver(rows()),
                rows().select(udf.apply(functions.col("features")))
                        .as(Encoders.DOUBLE())
                        .collectAsList());
    }

    @Test
    void broadcastModelsPredict() {
        JavaSparkContext context =
                JavaSparkContext.fromSparkContext(frames.session().sparkContext());
        Broadcast<NeuralNetworkClassificationModel> sent = context.broadcast(model);
        List<Vector> vectors = List.of(Vectors.dense(0.1, 0.9), Vectors.dense(0.9, 0.1));
        assertEquals(
                vectors.stream().map(model::predict).toList(),
                context.parallelize(vectors, 2)
                        .map(each -> sent.value().predict(each))
                        .collect());
    }

    @Test
    void serialisedModelsPredict() throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(model);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            NeuralNetworkClassificationModel read = (NeuralNetworkClassificationModel) in.readObject();
            assertEquals(
                    model.transform(rows()).collectAsList(),
                    read.transform(rows()).collectAsList());
            assertEquals(model.predict(Vectors.dense(0.5, 0.2)), read.predict(Vectors.dense(0.5, 0.2)));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, 1e300})
    void predictRefusesWhatTransformRefuses(double value) {
        assertEquals(
                "features: found " + value + ", expected finite numbers",
                assertThrows(IllegalArgumentException.class, () -> model.predict(Vectors.dense(1, value)))
                        .getMessage());
        assertEquals(
                "features: found " + value + ", expected finite numbers",
                assertThrows(IllegalArgumentException.class, () -> model.predictRaw(Vectors.dense(1, value)))
                        .getMessage());
    }
}
