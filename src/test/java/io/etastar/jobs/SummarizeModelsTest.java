package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The job Summarize on models and weights of rows, against nested automatic differentiation in another program. */
class SummarizeModelsTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "weighted-rows",
                "weighted-classes",
                "label-smoothing",
                "vgg-batch-norm",
                "resnet18",
                "image-generator",
                "transformer-tokens",
                "transformer-dense",
            })
    void agreesTo1e9(String name) throws IOException {
        Path files = Path.of("src/test/resources/golden-models").resolve(name);
        Path output = directory.resolve("out.json");
        JobRun run = JobRun.good(
                Summarize::run,
                files.resolve("case.json").toString(),
                "--parameters",
                files.resolve("parameters.npz").toString(),
                "--direction",
                files.resolve("direction.npz").toString(),
                "--data",
                files.resolve("data.npz").toString(),
                "--output",
                output.toString());
        assertEquals(
                List.of("vgg-batch-norm", "resnet18").contains(name),
                run.out().startsWith("batch norm: mean and variance of the rows at hand, as in PyTorch's train()\n"));
        JsonNode expected =
                new ObjectMapper().readTree(files.resolve("case.json").toFile()).get("expected");
        JsonNode found = new ObjectMapper().readTree(output.toFile());
        assertEquals(expected.get("groups"), found.get("groups"));
        close(expected.get("loss"), found.get("loss"), 1, "loss");
        close(expected.get("g"), found.get("g"), largest(expected.get("g")), "g");
        close(expected.get("H"), found.get("H"), largest(expected.get("H")), "H");
        close(expected.get("order3"), found.get("order3"), largest(expected.get("order3")), "order3");
    }

    private static double largest(JsonNode node) {
        double largest = node.isArray() ? 0 : Math.abs(node.asDouble());
        for (JsonNode inner : node) {
            largest = Math.max(largest, largest(inner));
        }
        return largest;
    }

    private static void close(JsonNode expected, JsonNode found, double scale, String what) {
        assertEquals(expected.size(), found.size(), what);
        for (int i = 0; i < expected.size(); i++) {
            close(expected.get(i), found.get(i), scale, what + " " + i);
        }
        if (!expected.isArray()) {
            assertEquals(expected.asDouble(), found.asDouble(), 1e-9 * scale, what);
        }
    }
}
