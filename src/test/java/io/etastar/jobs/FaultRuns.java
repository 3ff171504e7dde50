package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.optimizer.SummaryResult;
import io.etastar.report.EpochMetrics;
import io.etastar.report.RunListener;
import io.etastar.report.StepMetrics;
import io.etastar.settings.Configuration;
import io.etastar.source.JobData;
import io.etastar.spark.ClusterEvents;
import io.etastar.spark.EngineFault;
import io.etastar.spark.SparkTestSession;
import io.etastar.training.ClusterShape;
import io.etastar.training.FaultyTraining;
import io.etastar.training.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A small training run on the digits, disturbed or not, and what must be the same in both. */
final class FaultRuns {
    /** Many steps in a job, next to the one shard that they need. */
    static final String NEAR_DATA = "auto";

    /** Values of training.sync under which every fault is injected. */
    static final List<String> MODES = List.of("step", "period", NEAR_DATA);

    static final int STEPS = 30;

    private FaultRuns() {}

    /** The plan of the run; same seed, data and partitions each time. */
    static TrainingPlan plan(Path directory, String mode) throws IOException {
        int shards = mode.equals(NEAR_DATA) ? 1 : 4;
        return plan(directory, mode, shards);
    }

    /** The plan of the run on other shards. */
    static TrainingPlan plan(Path directory, String sync, int shards) throws IOException {
        String conf = JobRun.digits(
                directory,
                "training.epochs = 2",
                "training.checkpoint_steps = 7",
                "data.partitions = " + shards,
                "training.sync = " + sync);
        return Train.plan(Configuration.load(conf, List.of()), new JobData(() -> null), () -> new ClusterShape(2, 0));
    }

    /** Settings of a cluster's driver in this JVM. */
    static Map<String, String> cluster(Path appJar, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "spark.jars", appJar.toString(),
                "spark.executor.cores", "1",
                "spark.locality.wait", "0s",
                "spark.executorEnv.OMP_NUM_THREADS", "1"));
        settings.putAll(more);
        return settings;
    }

    /** Trains on an open session. */
    static void train(SparkTestSession session, TrainingPlan plan, Path output, EngineFault fault, AfterStep after) {
        assertEquals(
                STEPS,
                FaultyTraining.run(session.context(), plan, after, output.toString(), fault)
                        .steps());
    }

    /** The undisturbed run; steps next to the data must have the bytes of one job a step. */
    static Path undisturbed(Path directory, String mode) throws IOException {
        Path output = directory.resolve("undisturbed-" + mode);
        try (SparkTestSession session = SparkTestSession.open("local[2]")) {
            TrainingPlan plan = mode.equals(NEAR_DATA) ? plan(directory, "step", 1) : plan(directory, mode);
            train(session, plan, output, EngineFault.none(), step -> {});
        }
        return output;
    }

    /** Model and last checkpoint must be the same, bit for bit. */
    static void assertSameBytes(Path expected, Path found) throws IOException {
        for (String file : List.of("model/model.json", "model/parameters.bin", "checkpoints/" + last(expected))) {
            assertArrayEquals(
                    Files.readAllBytes(expected.resolve(file)), Files.readAllBytes(found.resolve(file)), file);
        }
        assertEquals(last(expected), last(found));
    }

    private static String last(Path run) throws IOException {
        try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
            return files.map(file -> file.getFileName().toString())
                    .sorted()
                    .reduce((a, b) -> b)
                    .orElseThrow();
        }
    }

    /** Waits until the application has {@code count} executors. */
    static void awaitExecutors(SparkTestSession session, int count) {
        // The driver counts among them.
        ClusterEvents.await(
                count + " executors",
                () -> session.context().sc().getExecutorMemoryStatus().size() == count + 1);
    }

    /** Process ids of JVMs that a fault struck, which must be {@code count}. */
    static List<Long> struck(Path markers, int count) throws IOException {
        try (Stream<Path> files = Files.list(markers)) {
            List<Long> pids = files.map(FaultRuns::pid).toList();
            assertEquals(count, pids.size(), "faults that happened");
            assertTrue(
                    pids.stream()
                            .noneMatch(pid -> pid == ProcessHandle.current().pid()),
                    "in this JVM");
            return pids;
        }
    }

    private static long pid(Path marker) {
        try {
            return Long.parseLong(Files.readString(marker));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Hears of the steps alone. */
    interface AfterStep extends RunListener {
        /** Step {@code step} was done. */
        void after(long step);

        @Override
        default void step(StepMetrics metrics) {
            after(metrics.step());
        }

        @Override
        default void summary(long step, SummaryResult summary) {}

        @Override
        default void epoch(EpochMetrics metrics) {}

        @Override
        default void checkpoint(long step, String path) {}
    }
}
