package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.apache.spark.SparkException;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.HashingTF;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fits in sessions as people have them. */
@Tag("rough")
class RoughFitTest {
    private static Frames frames;

    @TempDir
    Path directory;

    @BeforeAll
    static void open() {
        frames = new Frames();
        // Of nothing else than warnings of fits.
        Configurator.setLevel(FitRun.class.getName(), Level.WARN);
    }

    @AfterAll
    static void close() {
        frames.close();
    }

    @AfterEach
    void nothingStaysCached() {
        assertEquals(0, frames.session().sparkContext().getPersistentRDDs().size());
    }

    private static Dataset<Row> rows(int seed) {
        return frames.session()
                .range(0, 90, 1, 2)
                .selectExpr(
                        "array(rand(" + seed + "), rand(" + (seed + 1) + ")) as features",
                        "cast(id % 3 as double) as label");
    }

    private static NeuralNetworkClassifier classifier() {
        return new NeuralNetworkClassifier("c")
                .setLayers(new int[] {2, 4, 3})
                .setBatchSize(30)
                .setMaxIter(2);
    }

    private static String refused(NeuralNetworkClassifier classifier, Dataset<Row> frame) {
        return assertThrows(IllegalArgumentException.class, () -> classifier.fit(frame))
                .getMessage();
    }

    @Test
    void secondsSince1970AreStandardisedInDoublePrecision() {
        Dataset<Row> table = frames.session()
                .read()
                .option("header", true)
                .option("inferSchema", true)
                .csv("src/test/resources/rough/unix-seconds.csv");
        List<String> names = new ArrayList<>(List.of(table.columns()));
        names.remove("label");
        Dataset<Row> vectors = new org.apache.spark.ml.feature.VectorAssembler()
                .setInputCols(names.toArray(String[]::new))
                .setOutputCol("features")
                .transform(table);
        for (String type : List.of("float", "double")) {
            NeuralNetworkClassificationModel model = new NeuralNetworkClassifier()
                    .setLayers(new int[] {names.size(), 8, 2})
                    .setDtype(type)
                    .setMaxIter(20)
                    .fit(vectors);
            Dataset<Row> predicted = model.transform(vectors);
            assertTrue(accuracy(predicted) > 0.95, type + ": " + accuracy(predicted));
            Row first = predicted.first();
            assertEquals(first.<Double>getAs("prediction"), model.predict(first.getAs("features")));
        }
    }

    private static double accuracy(Dataset<Row> predicted) {
        return new MulticlassClassificationEvaluator().setMetricName("accuracy").evaluate(predicted);
    }

    @Test
    void arraysOfDoublesAreStandardisedInDoublePrecision() {
        Dataset<Row> table = frames.session()
                .range(0, 400, 1, 2)
                .selectExpr("array(1.7e9D + id % 100, 5D) as features", "cast(id % 100 >= 50 as int) as label");
        NeuralNetworkClassificationModel model = new NeuralNetworkClassifier()
                .setLayers(new int[] {2, 8, 2})
                .setMaxIter(20)
                .fit(table);
        assertTrue(accuracy(model.transform(table).withColumn("label", functions.expr("double(label)"))) > 0.95);
    }

    @Test
    void nullsInTheValidationIndicatorAreNamed() {
        Dataset<Row> some = rows(1).withColumn("held", functions.expr("if(label = 1, null, label = 2)"));
        assertEquals(
                "column 'held': found null, expected true or false in every row",
                refused(classifier().setValidationIndicatorCol("held"), some));
    }

    @Test
    void anEmptyNameOfAWeightColumnIsNotSet() {
        NeuralNetworkClassifier weighted = classifier().setClassWeights(new double[] {1, 2, 3});
        float[] expected = weighted.fit(rows(1)).stored().theta().floats();
        assertArrayEquals(
                expected,
                weighted.setWeightCol("").fit(rows(1)).stored().theta().floats());
    }

    @Test
    void weightsThatAreAllZeroAreNamed() {
        assertEquals(
                "column 'w': found 0 in every row, expected at least one row that counts",
                refused(classifier().setWeightCol("w"), rows(1).withColumn("w", functions.lit(0))));
    }

    @Test
    void weightsBeyondAllMeasureAreNamed() {
        for (String weight : List.of("1.0E300", "1.0E-320")) {
            Dataset<Row> some = rows(1).withColumn("w", functions.expr("if(label = 2, double('" + weight + "'), 1D)"));
            assertEquals(
                    "column 'w': found " + Double.parseDouble(weight)
                            + ", expected 0 or numbers from 1.0E-20 to 1.0E20",
                    refused(classifier().setWeightCol("w"), some));
            String product = refused(classifier().setWeightCol("w").setClassWeights(new double[] {1, 1, 1}), some);
            assertTrue(
                    product.startsWith("parameter classWeights times column 'w': found " + Double.parseDouble(weight)),
                    product);
        }
    }

    @Test
    void stepsWithoutWeightAreSkipped() {
        // Most batches of 3 rows have none of the four that count.
        Dataset<Row> some = rows(1).withColumn("w", functions.expr("if(rand(3) < 0.15, 1, 0)"));
        for (String optimizer : List.of("newton-summary", "adam", "gen", "newton-stochastic-hv")) {
            NeuralNetworkClassificationModel model = classifier()
                    .setOptimizer(optimizer)
                    .setLr(0.01)
                    .setBatchSize(3)
                    .setMaxIter(3)
                    .setWeightCol("w")
                    .fit(some);
            double[] losses = model.summary().objectiveHistory();
            assertTrue(losses.length > 0 && losses.length < 90, optimizer + ": " + losses.length);
            assertTrue(java.util.Arrays.stream(losses).allMatch(Double::isFinite), optimizer);
        }
    }

    @Test
    void framesThatAThrowingUdfEndsAreReleased() {
        frames.session()
                .udf()
                .register(
                        "broken",
                        (Long id) -> {
                            if (id == 77) {
                                throw new IllegalStateException("on purpose");
                            }
                            return id / 90.0;
                        },
                        org.apache.spark.sql.types.DataTypes.DoubleType);
        Dataset<Row> some = frames.session()
                .range(0, 90, 1, 2)
                .selectExpr("array(broken(id), 1D) as features", "cast(id % 3 as double) as label");
        for (int i = 0; i < 3; i++) {
            Throwable thrown = assertThrows(Exception.class, () -> classifier().fit(some));
            while (thrown.getCause() != null) {
                thrown = thrown.getCause();
            }
            assertEquals("on purpose", thrown.getMessage());
        }
        Dataset<Row> held = some.withColumn("held", functions.expr("features[0] > 0.5"));
        assertThrows(
                Exception.class,
                () -> classifier().setValidationIndicatorCol("held").fit(held));
    }

    @Test
    void aLossThatGrowsHundredfoldIsSaid() {
        Dataset<Row> numbers = rows(1).withColumn("label", functions.expr("features[0] + 1"));
        List<String> lines = logged(() -> new NeuralNetworkRegressor("c")
                .setLayers(new int[] {2, 1})
                .setOptimizer("sgd")
                .setLr(2)
                .setBatchSize(10)
                .setMaxIter(3)
                .fit(numbers));
        List<String> warnings =
                lines.stream().filter(line -> line.contains("has grown")).toList();
        assertEquals(1, warnings.size(), lines.toString());
        assertTrue(warnings.get(0).startsWith("c: warning: the training loss has grown from "), warnings.get(0));
    }

    @Test
    void fieldsOfAStructAreColumns() {
        Dataset<Row> nested = frames.session()
                .range(0, 90, 1, 2)
                .selectExpr(
                        "struct(encode(repeat(string(id % 10), 4), 'UTF-8') as bytes, string(id) as path) as image",
                        "struct(id % 3 as value, id % 2 + 1D as w) as more");
        NeuralNetworkClassifier fit = classifier()
                .setLayers(new int[] {4, 4, 3})
                .setFeaturesCol("image.bytes")
                .setLabelCol("more.value")
                .setWeightCol("more.w");
        NeuralNetworkClassificationModel model = fit.fit(nested);
        Dataset<Row> flat =
                nested.selectExpr("image.bytes as `image.bytes`", "more.value as `more.value`", "more.w as `more.w`");
        assertArrayEquals(
                fit.fit(flat).stored().theta().floats(), model.stored().theta().floats());
        assertEquals(
                model.transform(flat).select("probability").collectAsList(),
                model.transform(nested).select("probability").collectAsList());
        assertEquals(
                "column 'image.none': found none of that name, expected one of 'image', 'more'",
                refused(classifier().setFeaturesCol("image.none"), nested));
    }

    @Test
    void wideSparseRowsAreRefusedBeforeTheyAreStored() {
        Dataset<Row> words = frames.session()
                .range(0, 20_000, 1, 2)
                .selectExpr("array(string(id), string(id % 7)) as words", "cast(id % 3 as double) as label");
        Dataset<Row> hashed = new HashingTF()
                .setInputCol("words")
                .setOutputCol("features")
                .setNumFeatures(1 << 18)
                .transform(words);
        String message = refused(classifier().setLayers(new int[] {1 << 18, 4, 3}), hashed);
        assertTrue(
                message.startsWith(
                        "column 'features': found 20000 sparse vectors of 262144 elements, 20000 MiB as the dense"
                                + " numbers that a network reads, expected at most "),
                message);
    }

    @Test
    void severalFitsAtOnceGiveTheResultsOfOneAfterTheOther() {
        Dataset<Row> many = frames.session()
                .range(0, 600, 1, 2)
                .selectExpr("array(rand(1), rand(2)) as features", "cast(id % 3 as double) as label");
        NeuralNetworkClassifier fit = classifier().setSummaryBatchSize(60).setBatchSize(60);
        ParamMap[] grid = new ParamGridBuilder()
                .addGrid(fit.damping(), new double[] {0.1, 0.3, 1})
                .build();
        double[][] metrics = new double[2][];
        for (int i = 0; i < 2; i++) {
            metrics[i] = new CrossValidator()
                    .setEstimator(fit)
                    .setEvaluator(new MulticlassClassificationEvaluator())
                    .setEstimatorParamMaps(grid)
                    .setNumFolds(3)
                    .setSeed(1)
                    .setParallelism(i == 0 ? 3 : 1)
                    .fit(many)
                    .avgMetrics();
        }
        assertArrayEquals(metrics[1], metrics[0]);
        frames.session().sharedState().cacheManager().clearCache();
    }

    @Test
    void cancelAllJobsEndsAFit() throws InterruptedException {
        AtomicReference<Throwable> ended = new AtomicReference<>();
        Thread fitting = new Thread(() -> ended.set(assertThrows(
                Throwable.class,
                () -> classifier()
                        .setSync("step")
                        .setBatchSize(10)
                        .setMaxIter(100_000)
                        .fit(rows(1)))));
        fitting.start();
        Thread.sleep(2000);
        for (int i = 0; i < 1000 && fitting.isAlive(); i++) {
            frames.session().sparkContext().cancelAllJobs();
            fitting.join(20);
        }
        fitting.join(20_000);
        assertTrue(ended.get() instanceof SparkException, String.valueOf(ended.get()));
        assertTrue(ended.get().getMessage().contains("cancelled"), ended.get().getMessage());
    }

    /** Lines that fits log meanwhile. */
    private static List<String> logged(Runnable doing) {
        List<String> lines = new ArrayList<>();
        Logger logger = (Logger) LogManager.getLogger(FitRun.class);
        AbstractAppender appender = new AbstractAppender("lines", null, null, false, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                lines.add(event.getMessage().getFormattedMessage());
            }
        };
        appender.start();
        logger.addAppender(appender);
        try {
            doing.run();
        } finally {
            logger.removeAppender(appender);
        }
        return lines;
    }
}
