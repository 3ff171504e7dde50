package io.etastar.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.tensor.cuda.Emulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GPUs by Spark's resource scheduling, on workers that say that they have two. */
@Tag("cluster")
class TaskDeviceClusterTest {
    @TempDir
    static Path directory;

    private static StandaloneCluster cluster;
    private static Path appJar;

    @BeforeAll
    static void start() throws IOException {
        Path script = directory.resolve("discovery.sh");
        Files.writeString(script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"0\", \"1\"]}'\n");
        assertTrue(script.toFile().setExecutable(true));
        appJar = StandaloneCluster.jar(
                directory.resolve("app.jar"),
                StandaloneCluster.classPath().filter(Files::isDirectory).toArray(Path[]::new));
        cluster = StandaloneCluster.start(
                1,
                4,
                "1200m",
                jar -> true,
                Map.of(
                        "spark.worker.resource.gpu.amount",
                        "2",
                        "spark.worker.resource.gpu.discoveryScript",
                        script.toString(),
                        "spark.executor.resource.gpu.amount",
                        "2",
                        "spark.task.resource.gpu.amount",
                        "0.5"));
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static Submitted submit(int capability, Path file) throws IOException {
        return cluster.submit(
                DevicesMain.class.getName(),
                List.of(),
                appJar,
                List.of("12", String.valueOf(capability), file.toString()));
    }

    @Test
    void everyTaskComputesOnTheDeviceThatItWasGiven() throws IOException {
        Path file = directory.resolve("devices.txt");
        Submitted submitted = submit(86, file);
        assertEquals(0, submitted.exitCode(), submitted.err());
        List<String> lines = Files.readAllLines(file);
        assertEquals(12, lines.size());
        TreeSet<String> devices = new TreeSet<>();
        for (String line : lines) {
            String[] parts = line.split(" ");
            assertEquals(parts[1], parts[2], line);
            devices.add(parts[1]);
        }
        assertEquals(new TreeSet<>(List.of("0", "1")), devices);
    }

    private static Submitted train(Path output, String setting) throws IOException {
        return cluster.submit(
                "io.etastar.jobs.Train",
                List.of(),
                appJar,
                List.of(
                        Path.of("conf/digits.conf").toAbsolutePath().toString(),
                        "--output",
                        output.toString(),
                        "--set",
                        "engine.backend=cuda",
                        "--set",
                        "engine.cuda_libraries=" + Emulator.libraries(),
                        "--set",
                        "data.partitions=4",
                        "--set",
                        "training.epochs=2",
                        "--set",
                        "report.write=false",
                        "--set",
                        setting));
    }

    @Test
    void digitsAreTrainedOnTheDevicesOfTheirTasks() throws IOException {
        Submitted submitted = train(directory.resolve("run"), "seed=1");
        assertEquals(0, submitted.exitCode(), submitted.err());
        double accuracy = Double.parseDouble(submitted.out().replaceAll("(?s).*test_accuracy=([0-9.]+).*", "$1"));
        assertTrue(accuracy >= 0.96, submitted.out());
    }

    @Test
    void aLostDeviceEndsTheRunInOneLineThatNamesItsExecutor() throws IOException {
        Submitted submitted = train(
                directory.resolve("lost"), "spark.conf.spark.executorEnv.ETASTAR_CUDA_FAIL=cuLaunchKernel 999 100");
        assertEquals(1, submitted.exitCode(), submitted.err());
        assertTrue(
                Pattern.compile("(?m)^error: gpu: executor \\d+ on \\S+: found device [01]: cu\\w+ for .*: 999"
                                + " CUDA_ERROR_UNKNOWN .*; the last good checkpoint is .*$")
                        .matcher(submitted.err())
                        .find(),
                submitted.err());
    }

    @Test
    void aDeviceWithTooLittleMemoryEndsTheRunBeforeItsFirstPass() throws IOException {
        Submitted submitted =
                train(directory.resolve("full"), "spark.conf.spark.executorEnv.ETASTAR_CUDA_MEMORY=\"0\"");
        assertEquals(2, submitted.exitCode(), submitted.err());
        assertTrue(
                Pattern.compile("(?m)^error: gpu: executor \\d+ on \\S+: device [01]: found 0m free for the engines of"
                                + " (one task|2 tasks at once), expected \\d+m or more, or a smaller"
                                + " training.micro_batch.*$")
                        .matcher(submitted.err())
                        .find(),
                submitted.err());
    }

    @Test
    void aDeviceWithoutCodeEndsTheRunBeforeItsFirstPass() throws IOException {
        Path file = directory.resolve("refused.txt");
        Submitted submitted = submit(90, file);
        assertNotEquals(0, submitted.exitCode());
        assertTrue(
                submitted.err().contains("a device of compute capability 9.0, expected 3.7 to 8.9"), submitted.err());
        assertTrue(Files.notExists(file));
    }
}
