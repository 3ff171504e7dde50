package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.experiment.ExperimentFile;
import io.etastar.experiment.OptimizerEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingExperimentTest {
    private static final String JOB = """
        job {
          model { layers = [64, 12, 10] }
          data.source = digits
          training { epochs = 4, batch = 100 }
        }
        """;

    @TempDir
    Path directory;

    private String file(String text) throws IOException {
        return Files.writeString(directory.resolve("small.conf"), text).toString();
    }

    private static Map<String, String> fields(String line) {
        Map<String, String> fields = new HashMap<>();
        Stream.of(line.split(" ")).filter(field -> field.contains("=")).forEach(field -> {
            fields.put(field.split("=")[0], field.split("=")[1]);
        });
        return fields;
    }

    @Test
    void optimizersAreTrainedAtHalfTheLength() throws IOException {
        String file = file("kind = training\n" + JOB + """
            optimizers {
              summary { name = newton-summary, period = 5, job { partition = wb, summary.batch = 500 } }
              sgd { name = sgd, lr = 0.1, base { momentum = 0, dampening = 0 }, job.training.epochs = 2 }
              far { name = sgd, lr = 1e39, base { momentum = 0, dampening = 0 } }
            }
            """);
        Path output = directory.resolve("out");
        JobRun run = JobRun.good(Experiment::run, file, "--scale", "0.5", "--output", output.toString());
        List<String> lines = run.out().lines().toList();
        assertEquals(3, lines.size(), run.out());
        assertTrue(
                lines.get(0)
                        .matches("experiment small optimizer=summary train_loss=\\S+ mean_loss=\\S+ test_loss=\\S+"
                                + " test_accuracy=\\S+ epochs=2 published_epochs=4 scale=0\\.5 seeds=1 seconds=\\S+"),
                lines.get(0));
        assertTrue(run.err().contains("summary, seed 1: scale=0.5 epochs=2 of 4"), run.err());
        assertEquals("1", fields(lines.get(1)).get("epochs"));
        // The same figures as jobs/train.sh gives for the same job.
        JsonNode last = last(output.resolve("sgd-1/metrics.jsonl"));
        Map<String, String> sgd = fields(lines.get(1));
        assertEquals(last.get("test_loss").asDouble(), Double.parseDouble(sgd.get("test_loss")), 1e-5);
        assertEquals(last.get("train_loss").asDouble(), Double.parseDouble(sgd.get("mean_loss")), 1e-5);
        double whole = Double.parseDouble(sgd.get("train_loss"));
        assertTrue(whole > 0 && whole < last.get("train_loss").asDouble(), "at the end it is lower than on the way");
        assertEquals("Infinity", fields(lines.get(2)).get("train_loss"));
        assertTrue(run.err().contains("training diverged at step "), run.err());
        assertEquals(16, Files.readAllLines(output.resolve("sgd-1.csv")).size(), "a header and fifteen steps");
        for (String figure : List.of("train-loss.png", "test-loss.png")) {
            assertNotNull(ImageIO.read(output.resolve(figure).toFile()));
        }
    }

    @Test
    void lossesOfNumbersAreThoseOfTargetsAsTheyAre() throws IOException {
        String file = file("""
                kind = training
                job {
                  model { hidden_layers = [8], loss = mse }
                  data { source = csv, path = examples/penguins.csv, label = body_mass_g, test_share = 0.3, handle_invalid = skip }
                  training { epochs = 20, batch = 50 }
                }
                optimizers { adam { name = adam, lr = 0.01 } }
                """);
        Map<String, String> fields = fields(JobRun.good(Experiment::run, file).out());
        double mean = Double.parseDouble(fields.get("mean_loss"));
        assertEquals(mean, Double.parseDouble(fields.get("train_loss")), 0.3 * mean);
    }

    private static JsonNode last(Path metrics) throws IOException {
        List<String> lines = Files.readAllLines(metrics);
        return new ObjectMapper().readTree(lines.get(lines.size() - 1));
    }

    @Test
    void lessThanAnEpochIsCountedInSteps() throws IOException {
        String file = file("kind = training\n" + JOB + "optimizers { adam { name = adam, lr = 0.01 } }\n");
        JobRun run = JobRun.good(Experiment::run, file, "--scale", "0.1");
        Map<String, String> fields = fields(run.out());
        assertEquals("0.400000", fields.get("epochs"));
        assertTrue(run.err().contains("scale=0.1 steps=6 of 60"), run.err());
        JobRun steps = JobRun.good(Experiment::run, file, "--scale", "0.5", "--set", "job.training.max_steps=40");
        assertTrue(steps.err().contains("scale=0.5 steps=20 of 40"), steps.err());
        assertEquals("1.33333", fields(steps.out()).get("epochs"));
    }

    @Test
    void interactionsAreWrittenAndDrawn() throws IOException {
        String file = file("kind = interactions\nepochs = [1, 2]\nrows = 300\n" + JOB + "job.partition = canonical\n"
                + "optimizers { sgd { name = sgd, lr = 0.1, base { momentum = 0, dampening = 0 } } }\n");
        Path output = directory.resolve("out");
        JobRun run = JobRun.good(Experiment::run, file, "--output", output.toString());
        Map<String, String> fields = fields(run.out().strip());
        assertTrue(Double.parseDouble(fields.get("loss_2")) < Double.parseDouble(fields.get("loss_1")), run.out());
        for (int after : new int[] {1, 2}) {
            String name = "sgd-1-after-" + after;
            JsonNode json =
                    new ObjectMapper().readTree(output.resolve(name + ".json").toFile());
            assertEquals(4, json.get("groups").size());
            assertEquals(4, json.get("H").size());
            assertEquals(
                    Double.parseDouble(fields.get("condition_" + after)),
                    json.get("condition").asDouble(),
                    1e-5 * json.get("condition").asDouble());
            double interaction = Double.parseDouble(fields.get("interaction_" + after));
            assertTrue(interaction > 0 && interaction < 1, run.out());
            // The cubic term bounds the step: what the model predicts is near.
            double predicted = Double.parseDouble(fields.get("predicted_" + after));
            assertEquals(predicted, Double.parseDouble(fields.get("decrease_" + after)), 0.5 * predicted);
            assertTrue(Double.parseDouble(fields.get("predicted_diagonal_" + after)) > 0, run.out());
            assertEquals(outside(json.get("Hinv")), Double.parseDouble(fields.get("outside_" + after)), 1e-5);
            for (String figure : List.of("-h.png", "-h-inverse.png", "-h-normalised.png")) {
                assertNotNull(ImageIO.read(output.resolve(name + figure).toFile()));
            }
        }
        assertFalse(Files.exists(output.resolve("train-loss.png")));
        for (String chart : List.of("inverse-by-distance.png", "inverse-by-layer.png", "decrease.png")) {
            assertNotNull(ImageIO.read(output.resolve(chart).toFile()));
        }
    }

    @Test
    void costsAreThoseOfTheSubsets() throws IOException {
        String file = file("kind = costs\nrows = 200\npartitions = [trivial, canonical]\n" + JOB
                + "optimizers { small { name = sgd, lr = 0.1 } }\n");
        Path output = directory.resolve("out");
        Map<String, String> fields = fields(JobRun.good(Experiment::run, file, "--output", output.toString())
                .out());
        assertEquals("910", fields.get("parameters"));
        // Layers of 64 x 12 and 12 x 10 multiply-adds: 3 F and in a summary 2 K F + F, with F for weights of the first,
        // whose inputs stand still.
        double gradient = 3 * 888 - 768;
        assertEquals((gradient + 768 + 3 * 120) / gradient, Double.parseDouble(fields.get("counted_1")), 0.3);
        assertTrue(Double.parseDouble(fields.get("counted_4")) > Double.parseDouble(fields.get("counted_1")));
        assertTrue(Double.parseDouble(fields.get("measured_4")) > 0);
        assertNotNull(ImageIO.read(output.resolve("cost.png").toFile()));
        assertTrue(JobRun.error(Experiment::run, file, "--set", "partitions=[]").contains("key 'partitions'"));
    }

    /** Of two layers of two subsets. */
    private static double outside(JsonNode inverse) {
        double all = 0;
        double outside = 0;
        for (int s = 0; s < 4; s++) {
            for (int t = 0; t < 4; t++) {
                double entry = Math.abs(inverse.get(s).get(t).asDouble());
                all += entry;
                outside += s / 2 == t / 2 ? 0 : entry;
            }
        }
        return outside / all;
    }

    @Test
    void mistakesAreFoundBeforeAnythingRuns() throws IOException {
        String adam = "optimizers { adam { name = adam, lr = 0.01 } }\n";
        String own = directory.resolve("small.conf").toString();
        assertEquals(
                "--set job.model.layers=[32,10]: key 'model.layers': found [32,10], expected 64 units in the first"
                        + " layer: rows of digits (embedded), train are [1, 8, 8]",
                JobRun.error(
                        Experiment::run, file("kind = training\n" + JOB + adam), "--set", "job.model.layers=[32,10]"));
        assertEquals(
                "--set epochs=[1]: key 'epochs': found [1], expected no such key: kind training does not use it",
                JobRun.error(Experiment::run, own, "--set", "epochs=[1]"));
        assertTrue(JobRun.error(Experiment::run, own, "--set", "job.spark.conf.spark.ui.port=4050")
                .contains("key 'spark.conf'"));
        assertTrue(JobRun.error(Experiment::run, own, "--set", "optimizers.x={reference=newton}")
                .contains("key 'optimizers.x.reference': found \"newton\", expected none with kind training"));
        assertTrue(JobRun.error(Experiment::run, file("kind = interactions\n" + JOB + adam))
                .contains("key 'epochs': found nothing, expected list of int >= 1: kind interactions needs it"));
    }

    @Test
    void theShippedFilesAreWhole() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("conf/experiments"))) {
            for (Path path : files.sorted().toList()) {
                ExperimentFile file = ExperimentFile.load(path.toString(), List.of());
                if (Files.readString(path).matches("(?s).*(source = (images|npz)|include \"\\w+-cifar10).*")) {
                    // Where jobs/experiment.sh would say.
                    file = ExperimentFile.load(path.toString(), List.of("job.data.path=data/cifar10"));
                }
                assertFalse(file.description().isEmpty(), path.toString());
                if (List.of("training", "interactions", "costs").contains(file.kind())) {
                    for (OptimizerEntry entry : file.optimizers()) {
                        entry.configuration(1).optimizer();
                    }
                }
            }
        }
        ExperimentFile images = ExperimentFile.load("conf/experiments/image-generation-ablations.conf", List.of());
        assertEquals(6, images.optimizers().size(), "those of the included file are gone");
        int size = images.optimizers()
                .get(0)
                .configuration(1)
                .model()
                .build()
                .layout()
                .size();
        assertEquals(94_696, size, "parameters, as published");
    }
}
