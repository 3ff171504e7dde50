package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.ml.Frames;
import io.etastar.ml.NeuralNetworkClassificationModel;
import io.etastar.ml.NeuralNetworkRegressionModel;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of jobs in Spark ML, and the other way round. */
class SparkMlModelsTest {
    @TempDir
    Path directory;

    @Test
    void jobsAndEstimatorsTrainTheSameModelAndReadEachOthers() throws IOException {
        // So that pixels are no columns, in the estimator as in the job.
        String conf = JobRun.digits(directory, "model.input = [1, 8, 8]");
        Path run = directory.resolve("run");
        JobRun trained = JobRun.good(Train::run, conf, "--output", run.toString());
        Path saved = directory.resolve("saved");
        try (Frames frames = new Frames()) {
            // The settings of JobRun.digits.
            // The settings of JobRun.digits.
            Frames.classifier()
                    .setInputShape(new int[] {1, 8, 8})
                    .fit(frames.digits())
                    .save(saved.toString());
            NeuralNetworkClassificationModel read = NeuralNetworkClassificationModel.fromRun(run.toString());
            double accuracy = new MulticlassClassificationEvaluator()
                    .setMetricName("accuracy")
                    .evaluate(read.transform(frames.testDigits()));
            assertEquals(trained.figure("test_accuracy"), accuracy, 5e-5);
            String none = assertThrows(
                            IllegalArgumentException.class,
                            () -> NeuralNetworkClassificationModel.fromRun(directory.toString()))
                    .getMessage();
            assertTrue(none.contains("no such file; expected the directory of a trained model"), none);
            String other = assertThrows(
                            IllegalArgumentException.class, () -> NeuralNetworkRegressionModel.fromRun(run.toString()))
                    .getMessage();
            assertTrue(other.contains("NeuralNetworkClassificationModel.fromRun"), other);
        }
        // The measured mean may differ in its last digit.
        assertEquals(parameters(run), parameters(saved));
        JobRun evaluated = JobRun.good(Evaluate::run, conf, "--model", saved.toString());
        assertEquals(trained.result().get("test_accuracy"), evaluated.result().get("test_accuracy"));
    }

    private static String parameters(Path directory) throws IOException {
        return JobRun.files(directory.resolve("model")).get("parameters.bin");
    }
}
