package io.etastar.settings;

import io.etastar.experiment.ExperimentFile;
import io.etastar.testing.Fuzz;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Damaged and hostile job files, experiment files and cases. */
class ConfigurationFuzzTest {
    private static final String[] TOKENS = {
        "include \"self.conf\"",
        "${seed}",
        "${?HOME}",
        "${model}",
        "[",
        "{",
        "\"\"\"",
        "null",
        "# ",
        "+= 1",
        "spark.conf {",
        "model.layers = ",
        "optimizer {",
        "job {",
        "optimizers {",
        "\\u0000",
        "..",
        "all"
    };
    /** A list with one substitution in it is resolved with garbage of the square of its length. */
    private static final long GARBAGE = 4L << 30;

    private static final String CASE = "{\"model\": \"perceptron\", \"layers\": [4, 3, 2], \"activation\": \"tanh\", "
            + "\"loss\": \"nll\", \"classes\": 2, \"partition\": [[\"layers.0.weight\"], [\"layers.0.bias\"]]}";

    private static byte[] file(String path) throws Exception {
        return Files.readAllBytes(Path.of(path));
    }

    private static void all(Configuration job) {
        job.model();
        job.data();
        job.partition();
        job.optimizer();
        job.training();
        job.spark();
        job.resolved();
    }

    @Test
    void jobs() throws Exception {
        Fuzz.of("job", "self.conf")
                .valid(file("conf/digits.conf"))
                .valid(file("conf/fashion-mnist-lenet.conf"))
                .valid("seed = 3, model.layers = [64, 10], spark.conf { spark.executor.memory = 1g }"
                        .getBytes(StandardCharsets.UTF_8))
                .tokens(TOKENS)
                .mostBytes(GARBAGE)
                .run(path -> all(Configuration.load(path.toString(), List.of())));
    }

    @Test
    void overrides() throws Exception {
        Path job = Path.of("conf/digits.conf");
        Fuzz.of("override", "override")
                .valid("training.batch=50".getBytes(StandardCharsets.UTF_8))
                .valid("model.layers=[64, 20, 10]".getBytes(StandardCharsets.UTF_8))
                .tokens(TOKENS)
                .mostBytes(GARBAGE)
                .run(path -> Configuration.load(
                        job.toString(), List.of(new String(Files.readAllBytes(path), StandardCharsets.UTF_8))));
    }

    @Test
    void experiments() throws Exception {
        Fuzz.of("experiment", "self.conf")
                .valid(file("conf/experiments/rosenbrock.conf"))
                .valid(file("conf/experiments/comparison-perceptron.conf"))
                .tokens(TOKENS)
                .mostBytes(GARBAGE)
                .run(path -> {
                    ExperimentFile experiment = ExperimentFile.load(path.toString(), List.of());
                    experiment.optimizers();
                    experiment.seeds();
                });
    }

    @Test
    void cases() throws Exception {
        Fuzz.of("case", "case.json")
                .valid(CASE.getBytes(StandardCharsets.UTF_8))
                .tokens(TOKENS)
                .mostBytes(GARBAGE)
                .run(path -> ModelFile.load(path.toString()));
    }
}
