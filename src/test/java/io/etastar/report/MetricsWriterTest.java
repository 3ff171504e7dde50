package io.etastar.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.optimizer.SummaryResult;
import io.etastar.quantity.Curvature;
import io.etastar.quantity.DerivativeSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsWriterTest {
    @TempDir
    Path directory;

    private MetricsWriter open() {
        return RunDirectory.resume(run().toString(), "{}").openMetrics();
    }

    private Path run() {
        Path run = directory.resolve("run");
        if (!Files.exists(run)) {
            RunDirectory.create(run.toString(), "{}");
        }
        return run;
    }

    private static StepMetrics step(long step) {
        return new StepMetrics(
                step,
                1,
                0.5,
                Double.NaN,
                2.0,
                10,
                new StepMetrics.Seconds(0.4, 0.1, 0.01, 0.02, 0.03, 0.14, 0.05),
                1000,
                200);
    }

    private static SummaryResult summary(double[] eta) {
        DerivativeSummary mean = new DerivativeSummary(
                1, 0.5, new double[] {1, 2}, new double[][] {{3, 4}, {4, 5}}, new double[] {6, Double.NaN});
        return new SummaryResult(
                7,
                null,
                mean,
                new SummaryResult.Solution(eta, Double.NaN, "none", 0.5),
                new double[] {0, 0.25},
                Double.NaN);
    }

    private List<String> lines(String name) throws IOException {
        return Files.readAllLines(run().resolve(name));
    }

    @Test
    void writesOneObjectALine() throws IOException {
        try (MetricsWriter writer = open()) {
            writer.step(step(1));
            writer.summary(1, summary(null));
            writer.epoch(new EpochMetrics(1, 1, 0.5, 0.75, Double.NaN, Double.POSITIVE_INFINITY, 3, 1.5));
        }
        assertEquals(
                List.of(
                        "{\"kind\":\"step\",\"step\":1,\"epoch\":1,\"loss\":0.5,\"accuracy\":null,\"gradient_norm\":2.0,"
                                + "\"samples\":10,\"seconds\":{\"total\":0.4,\"compute\":0.1,\"broadcast\":0.01,\"fetch\":0.02,"
                                + "\"merge\":0.03,\"scheduling\":0.14,\"solve\":0.05,\"update\":0.05},"
                                + "\"result_bytes\":1000,\"summary_bytes\":200}",
                        "{\"kind\":\"epoch\",\"epoch\":1,\"steps\":1,\"train_loss\":0.5,\"train_accuracy\":0.75,"
                                + "\"test_loss\":null,\"test_accuracy\":null,\"no_solution\":3,\"seconds\":1.5}"),
                lines("metrics.jsonl"));
        assertEquals(
                List.of(
                        "{\"step\":1,\"index\":7,\"loss\":0.5,\"curvature\":\"hessian\",\"g\":[1.0,2.0],\"H\":[[3.0,4.0],[4.0,5.0]],"
                                + "\"order3\":[6.0,null],\"eta\":null,\"learning_rates\":[0.0,0.25],\"r\":null,\"case\":\"none\","
                                + "\"solve_seconds\":0.5}"),
                lines("summaries.jsonl"));
    }

    @Test
    void summariesNameTheirSubsetsAndTheLossBehindTheStep() throws IOException {
        try (MetricsWriter writer = open()) {
            SummaryResult bare = summary(null);
            writer.summary(
                    1,
                    new SummaryResult(
                            7,
                            List.of(List.of("a", "b"), List.of("c")),
                            bare.mean(),
                            Curvature.GGN,
                            new SummaryResult.Solution(null, 1, "cubic", 0.5),
                            bare.learningRates(),
                            0.25));
        }
        assertEquals(
                List.of("{\"step\":1,\"index\":7,\"groups\":[[\"a\",\"b\"],[\"c\"]],\"loss\":0.5,\"loss_after\":0.25,"
                        + "\"curvature\":\"ggn\",\"g\":[1.0,2.0],\"H\":[[3.0,4.0],[4.0,5.0]],\"order3\":[6.0,null],\"eta\":null,"
                        + "\"learning_rates\":[0.0,0.25],\"r\":1.0,\"case\":\"cubic\",\"solve_seconds\":0.5}"),
                lines("summaries.jsonl"));
    }

    @Test
    void aCheckpointBringsEverythingToTheFile() throws IOException {
        try (MetricsWriter writer = open()) {
            writer.step(step(1));
            writer.summary(1, summary(new double[] {1, 2}));
            writer.checkpoint(1, "somewhere");
            assertEquals(1, lines("metrics.jsonl").size());
            assertEquals(1, lines("summaries.jsonl").size());
        }
    }

    @Test
    void thePlanIsThatOfTheLastStart() throws IOException {
        for (String plan : List.of("plan: 4 shards", "plan: 1 shard")) {
            try (MetricsWriter writer = open()) {
                writer.plan(plan);
            }
            assertEquals(List.of(plan), lines("plan.txt"));
        }
        assertEquals(List.of(), lines("metrics.jsonl"));
    }

    @Test
    void resumingForgetsWhatCameAfterTheCheckpoint() throws IOException {
        try (MetricsWriter writer = open()) {
            for (int i = 1; i <= 4; i++) {
                writer.step(step(i));
                writer.summary(i, summary(null));
            }
            writer.epoch(new EpochMetrics(1, 4, 0, 0, 0, 0, 0, 0));
        }
        List<String> before = lines("metrics.jsonl");
        Files.writeString(run().resolve("metrics.jsonl"), "{\"kind\":\"step\",\"step\":1", StandardOpenOption.APPEND);
        try (MetricsWriter writer = open()) {
            writer.truncateTo(4);
            assertEquals(before, lines("metrics.jsonl"));
            writer.truncateTo(2);
            assertEquals(before.subList(0, 2), lines("metrics.jsonl"));
            assertEquals(2, lines("summaries.jsonl").size());
            writer.step(step(3));
        }
        assertEquals(before.subList(0, 3), lines("metrics.jsonl"));
    }

    @Test
    void fileSystemsWithoutAppendGetParts() throws IOException {
        RawLocalFileSystem files = new RawLocalFileSystem() {
            @Override
            public FSDataOutputStream append(org.apache.hadoop.fs.Path file, int buffer, Progressable progress) {
                throw new UnsupportedOperationException("append");
            }
        };
        files.initialize(directory.toUri(), new org.apache.hadoop.conf.Configuration());
        org.apache.hadoop.fs.Path base = new org.apache.hadoop.fs.Path(directory.toString());
        for (long step = 1; step <= 3; step++) {
            try (MetricsWriter writer = new MetricsWriter(files, base)) {
                writer.step(step(step));
            }
        }
        try (MetricsWriter writer = new MetricsWriter(files, base)) {
            writer.truncateTo(2);
        }
        Map<String, Integer> expected = Map.of("metrics.jsonl", 1, "metrics-2.jsonl", 1, "metrics-3.jsonl", 0);
        for (Map.Entry<String, Integer> entry : expected.entrySet()) {
            assertEquals(
                    entry.getValue(),
                    Files.readAllLines(directory.resolve(entry.getKey())).size(),
                    entry.getKey());
        }
    }
}
