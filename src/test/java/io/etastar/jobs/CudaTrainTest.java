package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.tensor.cuda.Emulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs with {@code engine.backend = cuda}, on emulated devices. */
class CudaTrainTest {
    @TempDir
    Path directory;

    private JobRun train(String name, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "conf/digits.conf", "--output", directory.resolve(name).toString(), "--set", "training.epochs=1"));
        args.addAll(List.of(more));
        return JobRun.good(Train::run, args.toArray(String[]::new));
    }

    private static String[] cuda(String... more) {
        List<String> keys = new ArrayList<>(
                List.of("--set", "engine.backend=cuda", "--set", "engine.cuda_libraries=" + Emulator.libraries()));
        keys.addAll(List.of(more));
        return keys.toArray(String[]::new);
    }

    @Test
    void theDigitsAreTrainedTheSameTwice() throws IOException {
        JobRun first = train("a", cuda("--set", "data.partitions=2"));
        assertTrue(first.figure("test_accuracy") >= 0.96, first.out());
        train("b", cuda("--set", "data.partitions=2"));
        assertEquals(JobRun.files(directory.resolve("a/model")), JobRun.files(directory.resolve("b/model")));
        Emulator.assertNoViolations();
    }

    @Test
    void lossesAreThoseOfTheCpuButForRounding() {
        String[] both = {"--set", "dtype=double"};
        JobRun cpu = train("cpu", both);
        JobRun device = train("device", cuda(both));
        for (String figure : List.of("train_loss", "test_loss")) {
            assertEquals(cpu.figure(figure), device.figure(figure), 2e-6 * cpu.figure(figure), figure);
        }
        Emulator.assertNoViolations();
    }

    @Test
    void otherLibrariesThanTheProcessHasEndTheJobInOneLine() {
        train("first", cuda());
        JobRun run = JobRun.of(
                Train::run,
                "conf/digits.conf",
                "--output",
                directory.resolve("none").toString(),
                "--set",
                "engine.backend=cuda",
                "--set",
                "engine.cuda_libraries=" + directory);
        assertEquals(2, run.exitCode());
        assertEquals(
                "error: gpu: executor driver: engine.backend cuda: found libraries of " + directory
                        + " asked for after those of " + Emulator.libraries() + ", expected one place in a process",
                run.err().lines().reduce((line, last) -> last).orElse(""));
    }
}
