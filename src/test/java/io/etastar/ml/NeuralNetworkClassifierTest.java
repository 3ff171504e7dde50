package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.storage.StoredModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NeuralNetworkClassifierTest {
    private static Frames frames;
    private static NeuralNetworkClassificationModel model;

    @TempDir
    Path directory;

    @BeforeAll
    static void train() {
        frames = new Frames();
        model = Frames.classifier().fit(frames.digits());
    }

    @AfterAll
    static void close() {
        frames.close();
    }

    private static double accuracy(Dataset<Row> predicted) {
        return new MulticlassClassificationEvaluator().setMetricName("accuracy").evaluate(predicted);
    }

    @Test
    void itLearnsTheDigitsAndSaysHow() {
        assertTrue(accuracy(model.transform(frames.testDigits())) > 0.9);
        assertEquals(10, model.numClasses());
        assertEquals(64, model.numFeatures());
        NeuralNetworkTrainingSummary summary = model.summary();
        assertTrue(summary.plan().startsWith("plan: 2 shards, 45 steps a job, batch 100: "), summary.plan());
        assertEquals(45, summary.totalIterations());
        assertEquals(45, summary.objectiveHistory().length);
        assertEquals(3, summary.totalEpochs());
        assertEquals(3, summary.bestEpoch());
        double[] losses = summary.trainLossHistory();
        assertTrue(losses.length == 3 && losses[2] < losses[0], Arrays.toString(losses));
        assertTrue(Double.isNaN(summary.validationLossHistory()[0]));
        assertEquals(4, summary.subsets().size());
        assertEquals(12, summary.learningRates().size());
        assertEquals(4, summary.learningRates().get(0).learningRates().length);
        double[][] h = summary.lastHessian();
        assertEquals(h[0][1], h[1][0]);
        assertEquals(4, summary.lastGradient().length);
    }

    /** The label hangs on the column that is 100 000 times smaller; a constant column does no harm. */
    @Tag("rough")
    @Test
    void columnsOfAnyScaleCount() {
        Dataset<Row> rows = frames.session()
                .range(2000)
                .selectExpr("array(rand(1), 1e5 * rand(2), 7) as features", "cast(rand(1) > 0.5 as double) as label");
        NeuralNetworkClassificationModel trained =
                new NeuralNetworkClassifier().setLayers(new int[] {3, 8, 2}).fit(rows);
        assertTrue(accuracy(trained.transform(rows)) > 0.98);
        assertEquals(3, trained.stored().mean().length);
        assertEquals(7, trained.stored().mean()[2]);
        assertEquals(1, trained.stored().deviation()[2]);
    }

    @Test
    void fewRowsHaveSmallBatches() {
        NeuralNetworkClassifier classifier =
                new NeuralNetworkClassifier().setLayers(new int[] {64, 10}).setMaxIter(2);
        assertEquals(8, classifier.fit(frames.digits(60)).summary().totalIterations());
        assertEquals(
                4, classifier.setBatchSize(30).fit(frames.digits(60)).summary().totalIterations());
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> classifier.setBatchSize(61).fit(frames.digits(60)))
                .getMessage()
                .contains("parameter batchSize: found 61, expected at most 60"));
    }

    @Test
    void transformAgreesWithTheDriver() {
        Dataset<Row> predicted = model.transform(frames.testDigits());
        List<Row> rows = predicted.collectAsList();
        assertEquals(297, rows.size());
        assertEquals(
                List.of("features", "label", "rawPrediction", "probability", "prediction"),
                List.of(predicted.columns()));
        assertEquals(
                10,
                AttributeGroup.fromStructField(predicted.schema().apply("probability"))
                        .size());
        for (Row row : rows.subList(0, 40)) {
            Vector features = row.getAs("features");
            assertArrayEquals(
                    row.<Vector>getAs("rawPrediction").toArray(),
                    model.predictRaw(features).toArray(),
                    1e-4);
            assertArrayEquals(
                    row.<Vector>getAs("probability").toArray(),
                    model.predictProbability(features).toArray(),
                    1e-5);
            assertEquals(row.<Double>getAs("prediction"), model.predict(features));
        }
    }

    @Test
    void asManyThresholdsAsClassesAreAskedFor() {
        NeuralNetworkClassificationModel other = model.copy(ParamMap.empty());
        other.set(other.thresholds(), new double[] {0.5, 0.5});
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> other.transform(frames.testDigits()));
        assertTrue(refused.getMessage()
                .endsWith("parameter thresholds: found 2 of them, expected 10, one for each class"));
    }

    @Test
    void thresholdsShiftPredictionsAsSparkDoes() {
        double[] thresholds = {0.01, 1, 1, 1, 1, 1, 1, 1, 0, 1};
        NeuralNetworkClassificationModel shifted = model.copy(ParamMap.empty()).setThresholds(thresholds);
        List<Row> rows = shifted.transform(frames.testDigits().limit(30)).collectAsList();
        for (Row row : rows) {
            assertEquals(8.0, row.<Double>getAs("prediction"));
        }
        thresholds[8] = 1;
        shifted.setThresholds(thresholds);
        boolean changed = false;
        for (Row row : shifted.transform(frames.testDigits()).collectAsList()) {
            double prediction = row.getAs("prediction");
            assertEquals(shifted.probability2prediction(row.getAs("probability")), prediction);
            changed |= prediction != model.predict(row.getAs("features"));
        }
        assertTrue(changed);
    }

    @Test
    void columnsOfNoNameAreLeftOut() {
        NeuralNetworkClassificationModel bare =
                model.copy(ParamMap.empty()).setRawPredictionCol("").setProbabilityCol("");
        Dataset<Row> predicted = bare.transform(frames.testDigits());
        assertEquals(List.of("features", "label", "prediction"), List.of(predicted.columns()));
        assertEquals(
                model.transform(frames.testDigits()).select("prediction").collectAsList(),
                predicted.select("prediction").collectAsList());
        assertEquals(2, bare.setPredictionCol("").transform(frames.testDigits()).columns().length);
    }

    @Test
    void arraysAndBytesAreTakenAsVectorsAre() {
        Dataset<Row> digits = frames.digits(300);
        NeuralNetworkClassifier classifier =
                Frames.classifier().setSummaryBatchSize(100).setMaxIter(1);
        StoredModel ofVectors = classifier.fit(digits).stored();
        Dataset<Row> arrays = digits.withColumn(
                "features", org.apache.spark.ml.functions.vector_to_array(functions.col("features"), "float32"));
        NeuralNetworkClassificationModel ofArrays = classifier.fit(arrays);
        assertArrayEquals(ofVectors.theta().floats(), ofArrays.stored().theta().floats());
        assertEquals(
                ofArrays.transform(digits).select("prediction").collectAsList(),
                ofArrays.transform(arrays).select("prediction").collectAsList());
        Dataset<Row> bytes = arrays.withColumn(
                "features",
                functions.expr(
                        "unhex(array_join(transform(features, x -> lpad(hex(cast(x * 15 as int)), 2, '0')), ''))"));
        NeuralNetworkClassificationModel ofBytes = classifier.fit(bytes);
        // 16 of 255/15 times a pixel: standardised, the same numbers up to rounding.
        assertArrayEquals(ofVectors.theta().floats(), ofBytes.stored().theta().floats(), 1e-3f);
        assertEquals(accuracy(ofArrays.transform(arrays)), accuracy(ofBytes.transform(bytes)), 0.02);
    }

    @Test
    void weightsCountRows() {
        Dataset<Row> digits =
                frames.digits(200).withColumn("w", functions.expr("case when label = 3 then 0 else 1 end"));
        NeuralNetworkClassifier classifier =
                Frames.classifier().setSummaryBatchSize(100).setMaxIter(4);
        NeuralNetworkClassificationModel weighted =
                classifier.copy(ParamMap.empty()).setWeightCol("w").fit(digits);
        assertEquals(
                0,
                weighted.transform(frames.testDigits()).filter("prediction = 3").count());
        assertTrue(classifier
                        .fit(digits)
                        .transform(frames.testDigits())
                        .filter("prediction = 3")
                        .count()
                > 0);
        double[] classes = {1, 1, 1, 2.5, 1, 1, 1, 1, 1, 1};
        Dataset<Row> byHand = digits.withColumn("v", functions.expr("case when label = 3 then 2.5 else 1 end"));
        assertArrayEquals(
                classifier
                        .copy(ParamMap.empty())
                        .setWeightCol("v")
                        .fit(byHand)
                        .stored()
                        .theta()
                        .floats(),
                classifier
                        .copy(ParamMap.empty())
                        .setClassWeights(classes)
                        .fit(digits)
                        .stored()
                        .theta()
                        .floats());
    }

    @Test
    void patienceKeepsTheBestModel() {
        Dataset<Row> digits = frames.digits(400).withColumn("held", functions.expr("rand(1) < 0.3"));
        NeuralNetworkClassifier classifier = Frames.classifier()
                .setSummaryBatchSize(100)
                .setMaxIter(60)
                .setDecay("none")
                .setValidationIndicatorCol("held")
                .setPatience(2);
        NeuralNetworkClassificationModel best = classifier.fit(digits);
        NeuralNetworkTrainingSummary summary = best.summary();
        double[] losses = summary.validationLossHistory();
        assertTrue(losses.length < 60, "ended early");
        assertEquals(losses.length, summary.totalEpochs());
        assertEquals(losses.length - 2, summary.bestEpoch());
        double least = Arrays.stream(losses).min().orElseThrow();
        assertEquals(least, losses[summary.bestEpoch() - 1]);
        double measured = new MulticlassClassificationEvaluator()
                .setMetricName("logLoss")
                .evaluate(best.transform(digits.filter("held")));
        assertEquals(least, measured, 1e-4);
    }

    @Test
    void toleranceEndsTraining() {
        NeuralNetworkTrainingSummary summary = Frames.classifier()
                .setSummaryBatchSize(100)
                .setMaxIter(20)
                .setTol(0.9)
                .fit(frames.digits(300))
                .summary();
        assertTrue(summary.totalEpochs() < 20 && summary.totalEpochs() > 1, "epochs " + summary.totalEpochs());
        double[] losses = summary.trainLossHistory();
        int last = losses.length - 1;
        assertTrue(Math.abs(losses[last] - losses[last - 1]) < 0.9 * Math.max(losses[last], losses[last - 1]));
    }

    @Test
    void theSameSeedGivesTheSameModelHoweverTheFrameIsPartitioned() {
        float[] theta = model.stored().theta().floats();
        assertArrayEquals(
                theta,
                Frames.classifier()
                        .fit(frames.digits().coalesce(1))
                        .stored()
                        .theta()
                        .floats());
        assertFalse(Arrays.equals(
                theta,
                Frames.classifier()
                        .setSeed(2)
                        .fit(frames.digits())
                        .stored()
                        .theta()
                        .floats()));
    }
}
