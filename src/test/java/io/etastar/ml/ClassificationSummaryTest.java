package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ServiceLoader;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spark's measures of a classifier over its training rows, and what a Connect server does with models and summaries. */
class ClassificationSummaryTest {
    private static Frames frames;

    @TempDir
    Path directory;

    @BeforeAll
    static void open() {
        frames = new Frames();
    }

    @AfterAll
    static void close() {
        frames.close();
    }

    private static Dataset<Row> rows(String label) {
        return frames.session()
                .range(0, 120, 1, 2)
                .selectExpr(
                        "id",
                        "array(float(id % 3), float(id % 5)) as features",
                        "1.0 + id % 2 as weight",
                        "id % 4 = 0 as apart",
                        label + " as label");
    }

    private static NeuralNetworkClassificationModel fit(Dataset<Row> rows) {
        return new NeuralNetworkClassifier()
                .setFeaturesCol("features")
                .setWeightCol("weight")
                .setValidationIndicatorCol("apart")
                .setHiddenLayers(new int[] {4})
                .setBatchSize(30)
                .setMaxIter(3)
                .fit(rows);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id % 3",
                "if((id + id % 5) % 2 = 0, 'even', 'odd')",
                "id % 3 = 1",
                "id % 3 - 1.5D",
                "10 * (id % 3)"
            })
    void measuresAreThoseOfSparksEvaluatorOverTheTrainingRows(String label) {
        Dataset<Row> rows = rows(label);
        NeuralNetworkClassificationModel model = fit(rows);
        NeuralNetworkClassificationTrainingSummary summary = model.summary();
        Dataset<Row> told = model.copy(new org.apache.spark.ml.param.ParamMap())
                .setPredictedLabelCol("told")
                .transform(rows.where("not apart"));
        Row sums = told.selectExpr("sum(weight * int(told = label))", "sum(weight)")
                .first();
        assertEquals(
                ((Number) sums.get(0)).doubleValue() / ((Number) sums.get(1)).doubleValue(), summary.accuracy(), 1e-12);
        assertEquals(90, summary.predictions().count());
        assertEquals(summary.accuracy(), summary.weightedRecall(), 1e-12);
    }

    @Test
    void classIndicesGiveWhatSparksEvaluatorGives() {
        NeuralNetworkClassificationModel model = fit(rows("id % 3"));
        double f1 = new MulticlassClassificationEvaluator()
                .setWeightCol("weight")
                .evaluate(model.transform(rows("double(id % 3)").where("not apart")));
        assertEquals(f1, model.summary().weightedFMeasure(), 1e-12);
        assertArrayEquals(new double[] {0, 1, 2}, model.summary().labels());
        assertEquals("label", model.summary().labelCol());
    }

    /** The way of a model that a Connect server has no room for: to its own disk, and back. */
    @Test
    void modelsAndSummariesGoToADiskAndBack() throws java.io.IOException {
        Dataset<Row> rows = rows("id % 3");
        NeuralNetworkClassificationModel model = fit(rows);
        MLWriter writer = model.write();
        writer.saveToLocal(directory.resolve("model").toString());
        model.saveSummary(directory.resolve("summary").toString());
        assertTrue(
                ServiceLoader.load(Transformer.class).stream()
                        .anyMatch(provider -> provider.type().equals(model.getClass())),
                "the server reads what is registered by the name of its class");
        MLReader<NeuralNetworkClassificationModel> reader = NeuralNetworkClassificationModel.read();
        NeuralNetworkClassificationModel same =
                reader.loadFromLocal(directory.resolve("model").toString());
        assertEquals(
                model.transform(rows).select("rawPrediction").collectAsList(),
                same.transform(rows).select("rawPrediction").collectAsList());
        same.loadSummary(directory.resolve("summary").toString(), rows.where("not apart"));
        assertArrayEquals(model.summary().objectiveHistory(), same.summary().objectiveHistory());
        assertEquals(model.summary().accuracy(), same.summary().accuracy());
        assertArrayEquals(model.summary().lastGradient(), same.summary().lastGradient());
    }
}
