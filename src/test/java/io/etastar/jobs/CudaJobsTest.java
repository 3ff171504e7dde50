package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.spark.engine.EnginePool;
import io.etastar.tensor.cuda.Emulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs on emulated devices. */
class CudaJobsTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    Path directory;

    @BeforeEach
    void withoutEnginesOfOthers() {
        EnginePool.clear();
    }

    @AfterEach
    void recover() throws InterruptedException {
        awaitTasks();
        Emulator.recover();
        EnginePool.clear();
    }

    /** Tasks may go on for a while when another one has failed and the job has ended; what they do is not to disturb what follows. */
    private static void awaitTasks() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("Executor task launch worker")) {
                thread.join();
            }
        }
    }

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

    @Test
    void evaluationsAreThoseOfTheCpuButForRounding() {
        List<String> args = new ArrayList<>(List.of(
                "conf/penguins.conf",
                "--output",
                directory + "/run",
                "--set",
                "training.epochs=3",
                "--set",
                "dtype=double"));
        args.addAll(List.of(cuda()));
        JobRun.good(Train::run, args.toArray(String[]::new));
        long before = Emulator.launches();
        List<String> device = evaluate();
        long launches = Emulator.launches();
        assertTrue(launches > before);
        List<String> cpu = evaluate("--set", "engine.backend=cpu");
        assertEquals(launches, Emulator.launches());
        assertEquals(7 + 20 + 1, cpu.size());
        assertEquals(texts(cpu), texts(device));
        assertArrayEquals(figures(cpu), figures(device), 1e-5);
        Emulator.assertNoViolations();
    }

    /** What is said of the run's model: a line for each column and for pairs of columns, sorted by their names, and the result. */
    private List<String> evaluate(String... more) {
        List<String> args = new ArrayList<>(List.of("--model", directory + "/run", "--importance", "--interactions"));
        args.addAll(List.of(more));
        return JobRun.good(Evaluate::run, args.toArray(String[]::new))
                .out()
                .lines()
                .filter(line -> line.matches("(importance|interaction|result) .*"))
                .sorted()
                .toList();
    }

    private static List<String> texts(List<String> lines) {
        return lines.stream().map(line -> line.replaceAll("=-?[0-9][^ ]*", "=")).toList();
    }

    private static double[] figures(List<String> lines) {
        return lines.stream()
                .flatMap(
                        line -> Pattern.compile("=(-?[0-9][^ ]*)").matcher(line).results())
                .mapToDouble(found -> Double.parseDouble(found.group(1)))
                .toArray();
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cuMemAlloc          | 2   | 9  | cuMemAlloc for \\d+ bytes: 2 CUDA_ERROR_OUT_OF_MEMORY .*training.micro_batch.*
            cuMemHostAlloc      | 2   | 0  | cuMemHostAlloc for .*: 2 CUDA_ERROR_OUT_OF_MEMORY .*ulimit -l.*
            cuStreamSynchronize | 700 | 40 | cuStreamSynchronize for work up to .*: 700 CUDA_ERROR_ILLEGAL_ADDRESS .*report.*
            cuMemcpyHtoDAsync   | 999 | 50 | cuMemcpyHtoDAsync for .*: 999 CUDA_ERROR_UNKNOWN .*--resume.*
            cublasSgemm         | 13  | 99 | cuBLAS gemm for product of .*: 13 CUBLAS_STATUS_EXECUTION_FAILED.*--resume.*
            """)
    void aFailedCallEndsTheJobInOneLine(String call, int code, int after, String expected) {
        String[] libraries = cuda();
        Emulator.fail(call, code, after);
        List<String> args = new ArrayList<>(List.of("conf/digits.conf", "--output", directory + "/run"));
        args.addAll(List.of(libraries));
        JobRun run = JobRun.of(Train::run, args.toArray(String[]::new));
        assertEquals(1, run.exitCode(), run.err());
        assertFalse(run.err().contains("\tat "), run.err());
        String last = run.err().lines().reduce((line, next) -> next).orElse("");
        assertTrue(
                last.matches("error: gpu: executor driver: found device 0: " + expected
                        + "; the last good checkpoint is (none|" + directory + ".*)"),
                run.err());
    }

    @Test
    void aRunWhoseDeviceFailedResumesToTheUndisturbedBytes() throws IOException, InterruptedException {
        String[] more = cuda("--set", "training.epochs=3", "--set", "data.partitions=2");
        long before = Emulator.launches();
        train("undisturbed", more);
        EnginePool.clear();
        Emulator.fail("cuLaunchKernel", 999, (int) (Emulator.launches() - before) * 3 / 4);
        List<String> args = new ArrayList<>(List.of("conf/digits.conf", "--output", directory + "/run"));
        args.addAll(List.of(more));
        JobRun failed = JobRun.of(Train::run, args.toArray(String[]::new));
        assertEquals(1, failed.exitCode(), failed.err());
        assertTrue(failed.err().contains("; the last good checkpoint is " + directory), failed.err());
        assertFalse(failed.err().contains("step-00000000"), failed.err());
        awaitTasks();
        Emulator.recover();
        EnginePool.clear();
        args.add("--resume");
        JobRun.good(Train::run, args.toArray(String[]::new));
        assertEquals(
                JobRun.files(directory.resolve("undisturbed/model")), JobRun.files(directory.resolve("run/model")));
    }

    /** In local mode all tasks compute on device 0. */
    @Test
    void enginesThatDoNotFitIntoWhatIsFreeEndTheJobBeforeItsFirstPass() {
        String[] libraries = cuda("--set", "data.partitions=2", "--set", "training.micro_batch=500");
        List<String> args = new ArrayList<>(List.of("conf/digits.conf", "--output", directory + "/run"));
        args.addAll(List.of(libraries));
        Emulator.capacity(Emulator.held().get(0) + (1 << 20));
        JobRun run = JobRun.of(Train::run, args.toArray(String[]::new));
        assertEquals(2, run.exitCode(), run.err());
        String last = run.err().lines().reduce((line, next) -> next).orElse("");
        assertTrue(
                last.matches("error: gpu: executor driver: device 0: found 1m free for the engines of 2 tasks at once,"
                        + " expected \\d+m or more, or .* smaller training.micro_batch.*"),
                run.err());
        assertFalse(Files.exists(directory.resolve("run/metrics.jsonl")));
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
