package io.etastar.report;

import io.etastar.testing.Fuzz;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Damaged and hostile run directories. */
class RunDirectoryFuzzTest {
    private static final String CONFIG = "{\"seed\": 1, \"model\": {\"layers\": [64, 10]}}";

    @Test
    void config() throws Exception {
        Fuzz.of("run-config", "config.json")
                .valid(CONFIG.getBytes(StandardCharsets.UTF_8))
                .tokens("\n", "{", "[", "null", "\"seed\": 2,")
                .run(file -> RunDirectory.resume(file.getParent().toString(), CONFIG));
    }

    @Test
    void metrics() throws Exception {
        String lines = "{\"kind\":\"step\",\"step\":1,\"loss\":0.5}\n{\"kind\":\"step\",\"step\":2,\"loss\":0.25}\n";
        Fuzz.of("metrics", "metrics.jsonl")
                .lenient()
                .beside("config.json", CONFIG.getBytes(StandardCharsets.UTF_8))
                .valid(lines.getBytes(StandardCharsets.UTF_8))
                .tokens("\n", "{", "[", "null", "\"step\": 9,")
                .run(file -> {
                    RunDirectory run = RunDirectory.resume(file.getParent().toString(), CONFIG);
                    try (MetricsWriter metrics = run.openMetrics()) {
                        metrics.truncateTo(1);
                    }
                });
    }
}
