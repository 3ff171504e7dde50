package io.etastar.ml.perceptron;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.col;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.ml.Frames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract of MLlib's Estimator, MLlib's own beside it. */
class MultilayerPerceptronClassifierTest {
    private static final int[] LAYERS = {64, 16, 10};
    private static Frames frames;
    private static Dataset<Row> digits;
    private static MultilayerPerceptronClassificationModel model;

    @TempDir
    Path directory;

    @BeforeAll
    static void open() {
        frames = new Frames();
        digits = frames.digits().cache();
        model = ours().fit(digits);
    }

    @AfterAll
    static void close() {
        frames.close();
    }

    private static org.apache.spark.ml.classification.MultilayerPerceptronClassifier ours() {
        return new MultilayerPerceptronClassifier().setLayers(LAYERS).setSeed(1);
    }

    private static org.apache.spark.ml.classification.MultilayerPerceptronClassifier mllibs() {
        return new org.apache.spark.ml.classification.MultilayerPerceptronClassifier()
                .setLayers(LAYERS)
                .setSeed(1);
    }

    private static double accuracy(MultilayerPerceptronClassificationModel of, Dataset<Row> rows) {
        return new MulticlassClassificationEvaluator().setMetricName("accuracy").evaluate(of.transform(rows));
    }

    private static Vector random(int length) {
        return Vectors.dense(new Random(3).doubles(length, -0.5, 0.5).toArray());
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    @Test
    void givesMllibsModelThatLearned() {
        assertSame(MultilayerPerceptronClassificationModel.class, model.getClass());
        assertArrayEquals(LAYERS, model.getLayers());
        assertEquals(65 * 16 + 17 * 10, model.weights().size());
        double learned = accuracy(model, frames.testDigits());
        double others = accuracy(mllibs().fit(digits), frames.testDigits());
        assertTrue(learned > 0.93 && learned >= others - 0.01, learned + ", MLlib's " + others);
    }

    @Test
    void columnsAreMllibs() {
        Dataset<Row> few = digits.limit(50);
        MultilayerPerceptronClassificationModel other = mllibs().setMaxIter(1).fit(few);
        StructType expected = other.transform(few).schema();
        assertEquals(expected, ours().setMaxIter(1).fit(few).transform(few).schema());
        assertEquals(mllibs().transformSchema(few.schema()), ours().transformSchema(few.schema()));
    }

    @Test
    void aSavedModelIsMllibs() throws IOException {
        model.save(path("model"));
        MultilayerPerceptronClassificationModel read = MultilayerPerceptronClassificationModel.load(path("model"));
        assertEquals(model.weights(), read.weights());
        assertTrue(metadata("model")
                .contains("\"org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel\""));
        Row first = digits.head();
        assertEquals(model.predictRaw(first.getAs(0)), read.predictRaw(first.getAs(0)));
    }

    private String metadata(String name) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(name).resolve("metadata"))) {
            Path part = files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .findFirst()
                    .orElseThrow();
            return Files.readString(part);
        }
    }

    @Test
    void aSavedEstimatorIsMllibsAndIsReadAsEither() throws IOException {
        ours().setMaxIter(7).setTol(1e-3).setInitialWeights(random(1210)).save(path("estimator"));
        var mllib = org.apache.spark.ml.classification.MultilayerPerceptronClassifier.load(path("estimator"));
        MultilayerPerceptronClassifier read = MultilayerPerceptronClassifier.load(path("estimator"));
        assertSame(org.apache.spark.ml.classification.MultilayerPerceptronClassifier.class, mllib.getClass());
        assertEquals(mllib.uid(), read.uid());
        assertEquals(
                mllib.extractParamMap().toSeq().size(),
                read.extractParamMap().toSeq().size());
        assertEquals(7, read.getMaxIter());
        assertEquals(1e-3, read.getTol());
        assertEquals(1, read.getSeed());
        assertEquals(mllib.getInitialWeights(), read.getInitialWeights());
        assertInstanceOf(
                MultilayerPerceptronClassifier.class,
                MultilayerPerceptronClassifier.read().load(path("estimator")));
    }

    @Test
    void standsInAPipeline() throws IOException {
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {ours().setMaxIter(10)});
        PipelineModel fitted = pipeline.fit(digits);
        fitted.save(path("pipeline"));
        List<Row> expected = fitted.transform(digits).select("prediction").takeAsList(100);
        assertEquals(
                expected,
                PipelineModel.load(path("pipeline"))
                        .transform(digits)
                        .select("prediction")
                        .takeAsList(100));
        MultilayerPerceptronClassifier copied = (MultilayerPerceptronClassifier) ours().copy(ParamMap.empty());
        assertArrayEquals(LAYERS, copied.getLayers());
    }

    @Test
    void theSummaryIsMllibs() {
        var summary = model.summary();
        assertEquals(7, summary.totalIterations()); // 33 steps each: 200 for 100 iterations
        double[] history = summary.objectiveHistory();
        assertEquals(8, history.length);
        assertEquals(Math.log(10), history[0], 1);
        assertTrue(history[7] < 0.25 * history[1], Arrays.toString(history));
        assertEquals(accuracy(model, digits), summary.accuracy(), 1e-12);
        assertEquals(10, summary.precisionByLabel().length);
        var evaluated = model.evaluate(digits);
        assertArrayEquals(evaluated.fMeasureByLabel(), summary.fMeasureByLabel());
        assertEquals(evaluated.predictionCol(), summary.predictionCol());
        assertEquals(evaluated.labelCol(), summary.labelCol());
        assertEquals(evaluated.weightCol(), summary.weightCol());
        assertEquals(evaluated.predictions().schema(), summary.predictions().schema());
    }

    @Test
    void whatIsSetOfAModelLaterLeavesItsSummaryAsItWas() {
        MultilayerPerceptronClassificationModel fitted = ours().setMaxIter(1).fit(digits);
        var summary = fitted.summary();
        fitted.setPredictionCol("other");
        assertEquals("prediction", summary.predictionCol());
    }

    @Test
    void theSameSeedGivesTheSameBytes() {
        double[] first = ours().setMaxIter(10).fit(digits).weights().toArray();
        assertArrayEquals(first, ours().setMaxIter(10).fit(digits).weights().toArray());
        double[] other = ours().setMaxIter(10).setSeed(-2).fit(digits).weights().toArray();
        assertNotEquals(first[0], other[0]);
    }

    @Test
    void noIterationsLeaveTheInitialWeightsAsInMllib() {
        Vector weights = random(1210);
        var mllib = mllibs().setMaxIter(0).setInitialWeights(weights).fit(digits);
        var ours = ours().setMaxIter(0).setInitialWeights(weights).fit(digits);
        assertEquals(mllib.weights(), ours.weights());
        double loss = ours.transform(digits)
                .withColumn("p", vector_to_array(col("probability"), "float64"))
                .selectExpr("-avg(log(element_at(p, int(label) + 1)))")
                .head()
                .getDouble(0);
        assertEquals(loss, ours.summary().objectiveHistory()[0], 1e-5);
        assertEquals(0, ours.summary().totalIterations());
    }

    @Test
    void trainingBeginsAtTheInitialWeights() {
        Vector weights = random(1210);
        var stayed = ours().setSolver("gd")
                .setStepSize(1e-9)
                .setInitialWeights(weights)
                .fit(digits);
        assertArrayEquals(weights.toArray(), stayed.weights().toArray(), 1e-5);
        var further = ours().setInitialWeights(model.weights()).setMaxIter(10).fit(digits);
        assertTrue(further.summary().objectiveHistory()[0] < model.summary().objectiveHistory()[2]);
    }

    @Test
    void theSolverGdTakesStepsOfTheStepSize() {
        double loss = last(ours().setSolver("gd").setStepSize(0.1).fit(digits));
        double shorter = last(ours().setSolver("gd").setStepSize(0.001).fit(digits));
        assertTrue(loss < 0.7 * shorter, loss + " and " + shorter);
    }

    @Test
    void fourRowsAreLearnedToo() {
        StructType schema =
                new StructType().add("features", SQLDataTypes.VectorType()).add("label", DataTypes.IntegerType);
        Dataset<Row> xor = frames.session()
                .createDataFrame(
                        Stream.of(0, 1, 2, 3)
                                .map(i -> RowFactory.create(Vectors.dense(i / 2, i % 2), (i / 2 + i) % 2))
                                .toList(),
                        schema);
        assertEquals(1, accuracy(ours().setLayers(new int[] {2, 5, 2}).fit(xor), xor));
    }

    private static double last(MultilayerPerceptronClassificationModel of) {
        double[] history = of.summary().objectiveHistory();
        return history[history.length - 1];
    }

    @Test
    void tolEndsTraining() {
        assertEquals(2, ours().setTol(0.999).fit(digits).summary().totalIterations());
    }

    @Test
    void blockSizeChangesNoMoreThanTheLastDigits() {
        double[] whole = ours().setMaxIter(1).fit(digits).weights().toArray();
        double[] blocks =
                ours().setMaxIter(1).setBlockSize(16).fit(digits).weights().toArray();
        double largest = Arrays.stream(whole).map(Math::abs).max().orElseThrow();
        assertArrayEquals(whole, blocks, 1e-3 * largest);
    }

    /** What a fit is given, and whether MLlib's words are expected. */
    private record Mistake(String name, Dataset<Row> rows, int[] layers, String words) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Dataset<Row> row(double label, double... features) {
        StructType schema =
                new StructType().add("features", SQLDataTypes.VectorType()).add("label", DataTypes.DoubleType);
        List<Row> rows = List.of(
                RowFactory.create(Vectors.dense(features), label), RowFactory.create(Vectors.dense(features), 0.0));
        return frames.session().createDataFrame(rows, schema);
    }

    /** Two rows, without a value in the second. */
    private static Dataset<Row> missing(String column) {
        Dataset<Row> rows = row(1, 1, 2);
        return rows.withColumn(column, functions.when(col("label").equalTo(1), col(column)));
    }

    static List<Mistake> mistakesThatMllibTells() {
        int[] layers = {2, 2};
        return List.of(
                new Mistake("no layers", row(1, 1, 2), null, "layers"),
                new Mistake("label too large", row(2, 1, 2), layers, "Labels MUST be in {0, 1}, but got 2.0"),
                new Mistake("label no class", row(0.5, 1, 2), layers, "Labels MUST be in {0, 1}, but got 0.5"),
                new Mistake("label below 0", row(-1, 1, 2), layers, "Labels MUST be in {0, 1}, but got -1.0"),
                new Mistake("label missing", missing("label"), layers, "Labels MUST NOT be Null or NaN"),
                new Mistake("NaN", row(1, Double.NaN, 2), layers, "NaN"),
                new Mistake("infinite", row(1, Double.POSITIVE_INFINITY, 2), layers, "Infinity"),
                new Mistake("features missing", missing("features"), layers, "Null"),
                new Mistake("no features", row(1, 1, 2).drop("features"), layers, "features"));
    }

    @ParameterizedTest
    @MethodSource("mistakesThatMllibTells")
    void mistakesAreToldAsMllibTellsThem(Mistake mistake) {
        String mllib = refused(mllibs(), mistake);
        assertTrue(mllib.contains(mistake.words()), mllib);
        assertEquals(mllib, refused(ours(), mistake));
    }

    /** Message at the root of what a fit throws. */
    private static String refused(
            org.apache.spark.ml.classification.MultilayerPerceptronClassifier estimator, Mistake mistake) {
        if (mistake.layers() == null) {
            estimator.clear(estimator.layers());
        } else {
            estimator.setLayers(mistake.layers());
        }
        Throwable thrown = assertThrows(Throwable.class, () -> estimator.fit(mistake.rows()));
        while (thrown.getCause() != null) {
            thrown = thrown.getCause();
        }
        return thrown.getMessage();
    }

    @Test
    void mistakesThatMllibDoesNotTellAreOneLine() {
        assertEquals(
                "x: parameter initialWeights: found 3 weights, expected 6, those of layers [2, 2]",
                told(named().setInitialWeights(random(3)), row(1, 1, 2)));
        String features = told(named(), row(1, 1, 2, 3));
        assertTrue(
                features.startsWith("x: parameter layers: found [2,2], expected 3 units in the first layer"), features);
        assertEquals(
                "training rows: found no rows, expected 1 to 2147483647",
                told(named(), row(1, 1, 2).limit(0)));
    }

    private static org.apache.spark.ml.classification.MultilayerPerceptronClassifier named() {
        return new MultilayerPerceptronClassifier("x").setLayers(new int[] {2, 2});
    }

    private static String told(
            org.apache.spark.ml.classification.MultilayerPerceptronClassifier estimator, Dataset<Row> rows) {
        return assertThrows(IllegalArgumentException.class, () -> estimator.fit(rows))
                .getMessage();
    }
}
