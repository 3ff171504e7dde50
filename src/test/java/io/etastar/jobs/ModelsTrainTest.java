package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every kind of model learns the digits, all but one with solved learning rates; guessing gives 0.1. */
class ModelsTrainTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model = resnet18, in_channels = 1, image_size = 8, classes = 10, width = 4 | 0.6",
                "model = vgg, in_channels = 1, image_size = 8, classes = 10, cfg = [8, M, 16, M],"
                        + " batch_norm = true, dropout = 0.1 | 0.8",
                "model = transformer, features = 8, length = 8, classes = 10, width = 16, depth = 1 | 0.5",
                "model = image_generator, in_channels = 1, image_size = 8, classes = 10, width = 6, depth = 1 | 0.25",
                "model = perceptron, layers = [64, 32, 10], activation = leaky_relu, label_smoothing = 0.1,"
                        + " dropout = 0.2 | 0.9",
            })
    void learns(String model, double accuracy) throws IOException {
        String text = "model { " + model + " }\n"
                + "data { class_weights = [1, 1, 1, 1, 1, 1, 1, 1, 1.5, 1], partitions = 2 }\n"
                + "partition = canonical\n"
                + "optimizer { name = newton-summary, period = 5 }\n"
                + "optimizer.base { name = sgd, dampening = 0.9 }\n"
                + (model.contains("image_generator") ? "optimizer { name = adam, lr = 0.01 }\n" : "")
                + "training { epochs = 3, batch = 100, micro_batch = 50 }\nsummary.batch = 200\n";
        Path conf = Files.writeString(directory.resolve("a.conf"), text);
        Path run = directory.resolve("run");
        JobRun trained = JobRun.good(Train::run, conf.toString(), "--output", run.toString());
        assertTrue(trained.figure("test_accuracy") >= accuracy, trained.out());
        JobRun evaluated = JobRun.good(Evaluate::run, "--model", run.toString());
        assertEquals(trained.figure("test_accuracy"), evaluated.figure("test_accuracy"), 1e-4);
        assertEquals(trained.figure("test_loss"), evaluated.figure("test_loss"), 2e-6);
    }
}
