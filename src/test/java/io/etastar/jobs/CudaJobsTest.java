package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.tensor.cuda.Emulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs on emulated devices. */
class CudaJobsTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

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

    @ParameterizedTest
    @CsvSource({"double, 1e-12", "float, 1e-4"})
    void summariesAreThoseOfTheCpuButForRounding(String dtype, double bound) throws IOException {
        JsonNode cpu = summarize(dtype, "cpu");
        JsonNode device = summarize(dtype, "cuda");
        double[][] expected = MAPPER.treeToValue(cpu.get("H"), double[][].class);
        double[][] found = MAPPER.treeToValue(device.get("H"), double[][].class);
        double largest = Arrays.stream(expected)
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .max()
                .orElseThrow();
        assertEquals(expected.length, found.length);
        for (int i = 0; i < expected.length; i++) {
            assertArrayEquals(expected[i], found[i], bound * largest);
        }
        Emulator.assertNoViolations();
    }

    private JsonNode summarize(String dtype, String backend) throws IOException {
        Path files = Path.of("src/test/resources/golden/lenet-tanh-nll");
        Path output = directory.resolve(dtype + backend + ".json");
        JobRun.good(
                Summarize::run,
                files.resolve("case.json").toString(),
                "--parameters",
                files.resolve("parameters.npz").toString(),
                "--direction",
                files.resolve("direction.npz").toString(),
                "--data",
                files.resolve("data.npz").toString(),
                "--dtype",
                dtype,
                "--backend",
                backend,
                "--cuda-libraries",
                Emulator.libraries().toString(),
                "--output",
                output.toString());
        return MAPPER.readTree(output.toFile());
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
