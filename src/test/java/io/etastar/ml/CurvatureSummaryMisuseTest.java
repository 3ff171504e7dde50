package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF0;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What users of {@link CurvatureSummary} do wrong, and the one line that they read. */
class CurvatureSummaryMisuseTest {
    /** Of a function that gives other values each time; tasks share it, as lambdas' own objects are copied. */
    private static final AtomicInteger CALLS = new AtomicInteger();

    @TempDir
    static Path directory;

    private static Frames frames;
    private static NeuralNetworkClassificationModel model;
    private static String path;
    private static Dataset<Row> digits;

    @BeforeAll
    static void train() throws IOException {
        frames = new Frames();
        model = Frames.classifier().setMaxIter(1).setSummaryBatchSize(100).fit(frames.digits(200));
        path = directory.resolve("model").toString();
        model.save(path);
        digits = frames.digits()
                .selectExpr("features", "label", "1 as w", "label > 4 as part")
                .cache();
    }

    @AfterAll
    static void close() {
        frames.close();
    }

    private static CurvatureSummary summary() {
        return new CurvatureSummary("s").setModel(path);
    }

    private static String message(Executable doing) {
        return assertThrows(IllegalArgumentException.class, doing).getMessage();
    }

    private static String refused(CurvatureSummary summary, Dataset<Row> frame) {
        return message(() -> summary.transform(frame).collectAsList());
    }

    @Test
    void paramsThatAreWrong() {
        assertEquals(
                "s: parameter model: found a model itself, expected its path in a summary to be saved",
                message(() -> summary().setModel(model).write()));
        assertEquals(
                "s: parameter model: found nothing, expected the path of a saved model or of a run's directory",
                refused(new CurvatureSummary("s"), digits));
        String none = directory.resolve("none").toString();
        assertEquals(
                none + ": no such file; expected the directory of a trained model",
                refused(summary().setModel(none), digits));
        assertEquals(
                "partition: found 'layers', expected canonical, trivial, wb, kinds, blocks-K, alternate-K (K from 1) or"
                        + " names:SUFFIX,SUFFIX,...",
                refused(summary().setPartition("layers"), digits));
        assertEquals(
                "s: parameter direction: found 'uphill', expected gradient or an .npz file",
                message(() -> summary().setDirection("uphill")));
        assertTrue(refused(summary().setDirection(none + ".npz"), digits).startsWith(none + ".npz: "));
        assertEquals(
                "s: parameter curvature: found 'kfac', expected hessian or ggn",
                message(() -> summary().setCurvature("kfac")));
        assertEquals(
                "s: parameter dampingInt: found '-1.0', expected numbers from 0",
                message(() -> summary().setDampingInt(-1)));
        assertEquals(
                "s: parameter groupBy: found 'loss', expected names of which each is there once, and none of samples, loss,"
                        + " subsets, g, H, order3, eta",
                refused(summary().setGroupBy("loss"), digits.withColumnRenamed("part", "loss")));
        assertTrue(refused(summary().setGroupBy("part", "part"), digits)
                .startsWith("s: parameter groupBy: found 'part', expected names of which"));
    }

    @Test
    void framesThatAreWrong() {
        assertEquals(
                "column 'label': found none of that name, expected one of 'features', 'w', 'part'",
                refused(summary(), digits.drop("label")));
        assertEquals(
                "column 'features': found none of that name, expected one of 'label', 'w', 'part'",
                refused(summary(), digits.drop("features")));
        assertEquals(
                "column 'weight': found none of that name, expected one of 'features', 'label', 'w', 'part'",
                refused(summary().setWeightCol("weight"), digits));
        assertTrue(refused(summary().setWeightCol("w"), digits.withColumn("w", functions.lit(-1)))
                .startsWith("column 'w': found -1"));
        assertEquals(
                "column 'day': found none of that name, expected one of 'features', 'label', 'w', 'part'",
                refused(summary().setGroupBy("day"), digits));
        assertEquals(
                "column 'm': found map<int,int>, expected values to group rows by",
                refused(summary().setGroupBy("m"), digits.withColumn("m", functions.expr("map(1, 2)"))));
        assertTrue(refused(summary(), digits.where("label > 20")).startsWith("rows to summarise: found no rows"));
        assertTrue(refused(summary().setGroupBy("part"), digits.where("label > 20"))
                .startsWith("rows to summarise: found no rows"));
        assertEquals(
                "columns 'id': found more than 1000 groups, expected at most 1000",
                refused(summary().setGroupBy("id"), digits.withColumn("id", functions.monotonically_increasing_id())));
        assertEquals(
                "column 'features': found 2 elements, expected 64, the model's input",
                refused(
                        summary(),
                        new VectorAssembler()
                                .setInputCols(new String[] {"label", "w"})
                                .setOutputCol("features")
                                .transform(digits.drop("features"))));
        assertTrue(refused(summary(), digits.withColumn("label", functions.lit(11.0)))
                .startsWith("column 'label': found 11"));
        Dataset<Row> changing = digits.withColumn(
                "r",
                functions
                        .udf((UDF0<Integer>) () -> CALLS.incrementAndGet() / 3, DataTypes.IntegerType)
                        .asNondeterministic()
                        .apply());
        String other = refused(summary().setGroupBy("r"), changing);
        assertTrue(other.startsWith("groups: found another one when the rows were read again"), other);
    }

    @Test
    void streamsAreRefused() {
        Dataset<Row> stream = frames.session()
                .readStream()
                .format("rate")
                .load()
                .selectExpr("cast(array_repeat(1.0, 64) as array<double>) as features", "1.0 as label");
        assertEquals("s: found a streaming frame, expected one that ends", refused(summary(), stream));
    }
}
