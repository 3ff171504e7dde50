package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job Summarize with --order: entries by their subsets, beside what it always writes. */
class SummarizeOrderTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @TempDir
    Path directory;

    private JsonNode summarize(String name, String... more) throws IOException {
        Path files = GOLDEN.resolve(name);
        Path output = directory.resolve("out.json");
        List<String> args = new ArrayList<>(List.of(
                files.resolve("case.json").toString(),
                "--parameters=" + files.resolve("parameters.npz"),
                "--direction=" + files.resolve("direction.npz"),
                "--data=" + files.resolve("data.npz"),
                "--output=" + output));
        args.addAll(Arrays.asList(more));
        JobRun.good(Summarize::run, args.toArray(new String[0]));
        return new ObjectMapper().readTree(output.toFile());
    }

    private static JsonNode expected(String name) throws IOException {
        return new ObjectMapper()
                .readTree(GOLDEN.resolve(name).resolve("case.json").toFile())
                .get("expected");
    }

    @Test
    void order2IsTheUpperHalfOfH() throws IOException {
        JsonNode found = summarize("vgg-elu-nll", "--order=2");
        JsonNode h = expected("vgg-elu-nll").get("H");
        assertEquals(2, found.get("order").asInt());
        assertEquals(h.size() * (h.size() + 1) / 2, found.get("D").size());
        double largest = 0;
        for (JsonNode row : h) {
            for (JsonNode entry : row) {
                largest = Math.max(largest, Math.abs(entry.asDouble()));
            }
        }
        for (JsonNode entry : found.get("D")) {
            int s = entry.get("subsets").get(0).asInt();
            int t = entry.get("subsets").get(1).asInt();
            assertEquals(h.get(s).get(t).asDouble(), entry.get("value").asDouble(), 1e-9 * largest);
        }
    }

    @Test
    void order3HoldsTheDiagonal() throws IOException {
        JsonNode found = summarize("autoencoder-tanh-bce", "--order=3");
        JsonNode order3 = expected("autoencoder-tanh-bce").get("order3");
        double largest = 0;
        for (JsonNode entry : order3) {
            largest = Math.max(largest, Math.abs(entry.asDouble()));
        }
        int seen = 0;
        for (JsonNode entry : found.get("D")) {
            JsonNode subsets = entry.get("subsets");
            if (subsets.get(0).equals(subsets.get(2))) {
                double value = order3.get(subsets.get(0).asInt()).asDouble();
                assertEquals(value, entry.get("value").asDouble(), 1e-9 * largest);
                seen++;
            }
        }
        assertEquals(order3.size(), seen);
    }

    @Test
    void withoutItNothingIsAdded() throws IOException {
        JsonNode found = summarize("rosenbrock");
        assertFalse(found.has("order") || found.has("D"));
    }
}
