package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The job Summarize on every case that nested automatic differentiation in another program has solved. */
class SummarizeGoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @TempDir
    Path directory;

    static List<String> names() throws IOException {
        try (Stream<Path> cases = Files.list(GOLDEN)) {
            return cases.filter(entry -> Files.exists(entry.resolve("data.npz")))
                    .map(entry -> entry.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private JsonNode summarize(String name, String dtype, String direction) throws IOException {
        Path files = GOLDEN.resolve(name);
        Path output = directory.resolve("out.json");
        JobRun.good(
                Summarize::run,
                files.resolve("case.json").toString(),
                "--parameters",
                files.resolve("parameters.npz").toString(),
                "--direction",
                direction == null ? files.resolve("direction.npz").toString() : direction,
                "--data",
                files.resolve("data.npz").toString(),
                "--dtype",
                dtype,
                "--damping-int",
                "0.1,1,10",
                "--output",
                output.toString());
        return new ObjectMapper().readTree(output.toFile());
    }

    private static JsonNode expected(String name) throws IOException {
        return new ObjectMapper()
                .readTree(GOLDEN.resolve(name).resolve("case.json").toFile())
                .get("expected");
    }

    private static void summary(JsonNode expected, JsonNode found, double tolerance) {
        assertEquals(expected.get("groups"), found.get("groups"));
        for (String key : List.of("loss", "g", "H", "order3")) {
            close(expected.get(key), found.get(key), tolerance, key);
        }
    }

    private static void solutions(JsonNode expected, JsonNode found, double tolerance) {
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < expected.size(); i++) {
            String what = "damping_int " + expected.get(i).get("damping_int") + " ";
            assertEquals(
                    expected.get(i).get("damping_int").asDouble(),
                    found.get(i).get("damping_int").asDouble());
            close(expected.get(i).get("eta"), found.get(i).get("eta"), tolerance, what + "eta");
            close(expected.get(i).get("r"), found.get(i).get("r"), tolerance, what + "r");
        }
    }

    @Test
    void allCasesAreThere() throws IOException {
        assertEquals(15, names().size());
    }

    @ParameterizedTest
    @MethodSource("names")
    void doublePrecision(String name) throws IOException {
        JsonNode found = summarize(name, "double", null);
        summary(expected(name), found, 1e-9);
        solutions(expected(name).get("eta"), found.get("eta"), 1e-8);
    }

    @ParameterizedTest
    @MethodSource("names")
    void singlePrecision(String name) throws IOException {
        summary(expected(name), summarize(name, "float", null), 1e-3);
    }

    /** The direction of this case is its gradient, so both ways must agree. */
    @Test
    void theGradientIsADirection() throws IOException {
        JsonNode found = summarize("mlp-tanh-nll-gradient", "double", "gradient");
        summary(expected("mlp-tanh-nll-gradient"), found, 1e-9);
        solutions(expected("mlp-tanh-nll-gradient").get("eta"), found.get("eta"), 1e-8);
    }

    /** Largest difference relative to the largest expected entry; null where null is expected. */
    private static void close(JsonNode expected, JsonNode found, double tolerance, String what) {
        if (expected.isNull()) {
            assertTrue(found.isNull(), what + ": " + found);
            return;
        }
        List<Double> values = new ArrayList<>();
        List<Double> others = new ArrayList<>();
        flatten(expected, values);
        flatten(found, others);
        assertEquals(values.size(), others.size(), what);
        double largest = values.stream().mapToDouble(Math::abs).max().orElse(0);
        for (int i = 0; i < values.size(); i++) {
            double difference = Math.abs(values.get(i) - others.get(i)) / (largest == 0 ? 1 : largest);
            assertTrue(difference <= tolerance, what + ": relative difference " + difference);
        }
    }

    private static void flatten(JsonNode node, List<Double> values) {
        if (node.isArray()) {
            node.forEach(entry -> flatten(entry, values));
        } else {
            assertTrue(node.isNumber(), node.toString());
            values.add(node.asDouble());
        }
    }
}
