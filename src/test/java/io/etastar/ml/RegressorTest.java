package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegressorTest {
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

    private static NeuralNetworkRegressor regressor(int... layers) {
        return new NeuralNetworkRegressor()
                .setLayers(layers)
                .setActivation("identity")
                .setSummaryBatchSize(500)
                .setPeriod(5)
                .setMaxIter(10);
    }

    @Test
    void itFitsALine() throws IOException {
        NeuralNetworkRegressionModel model = regressor(10, 1).fit(frames.regression(true));
        Dataset<Row> predicted = model.transform(frames.regression(false));
        double error = new RegressionEvaluator().setMetricName("mse").evaluate(predicted);
        // The noise has deviation 0.1.
        assertTrue(error < 0.03, "mse " + error);
        Row row = predicted.first();
        assertEquals(row.<Double>getAs("prediction"), model.predict(row.getAs("features")), 1e-5);
        assertEquals(1, model.numOutputs());
        String path = directory.resolve("model").toString();
        model.save(path);
        NeuralNetworkRegressionModel read = NeuralNetworkRegressionModel.load(path);
        assertEquals(
                predicted.collectAsList(),
                read.transform(frames.regression(false)).collectAsList());
    }

    @Test
    void severalOutputsAreVectors() {
        Dataset<Row> two = frames.regression(true)
                .selectExpr("features", "array(label, -2 * label) as targets")
                .withColumn("vectors", functions.array_to_vector(org.apache.spark.sql.functions.col("targets")));
        NeuralNetworkRegressionModel model =
                regressor(10, 2).setLabelCol("vectors").fit(two);
        assertEquals(2, model.numOutputs());
        Row row = model.transform(two).first();
        Vector prediction = row.getAs("prediction");
        Vector target = row.getAs("vectors");
        assertEquals(target.apply(0), prediction.apply(0), 0.5);
        assertEquals(target.apply(1), prediction.apply(1), 1);
        assertArrayEquals(
                prediction.toArray(), model.predictVector(row.getAs("features")).toArray(), 1e-5);
        assertThrows(IllegalStateException.class, () -> model.predict(Vectors.zeros(10)));
        NeuralNetworkRegressionModel ofArrays =
                regressor(10, 2).setLabelCol("targets").fit(two);
        assertArrayEquals(
                model.stored().theta().floats(), ofArrays.stored().theta().floats());
    }

    @Test
    void wrongLabelsAreNamed() {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> regressor(10, 2).fit(frames.regression(true)))
                .getMessage();
        assertTrue(message.contains("parameter layers: found [10,2], expected 1 outputs"), message);
    }
}
