package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.format.NpzFile;
import io.etastar.graph.onnx.OnnxFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs on a network from an ONNX file. */
class OnnxJobsTest {
    private static final int HIDDEN = 16;

    @TempDir
    Path directory;

    private static double[] drawn(int length, double deviation, long seed) {
        return new Random(seed)
                .doubles(length)
                .map(u -> (2 * u - 1) * Math.sqrt(3) * deviation)
                .toArray();
    }

    /** Dense, batch norm, relu, dense, of PyTorch's layouts [out, in]. */
    private OnnxFiles network() {
        double[] ones = new double[HIDDEN];
        java.util.Arrays.fill(ones, 1);
        return new OnnxFiles(64)
                .array("a.weight", new long[] {HIDDEN, 64}, drawn(HIDDEN * 64, 0.125, 1))
                .array("n.weight", new long[] {HIDDEN}, ones)
                .array("n.bias", new long[] {HIDDEN}, new double[HIDDEN])
                .array("n.running_mean", new long[] {HIDDEN}, new double[HIDDEN])
                .array("n.running_var", new long[] {HIDDEN}, ones)
                .array("b.weight", new long[] {10, HIDDEN}, drawn(10 * HIDDEN, 0.25, 2))
                .array("b.bias", new long[] {10}, new double[10])
                .node("Gemm", "x,a.weight", "z", "transB=1")
                .node("BatchNormalization", "z,n.weight,n.bias,n.running_mean,n.running_var", "h")
                .node("Relu", "h", "r")
                .node("Gemm", "r,b.weight,b.bias", "logits", "transB=1");
    }

    private String conf(String more) throws IOException {
        Path file = network().write(directory.resolve("net.onnx"), "logits");
        String text = "model { model = onnx, file = \"" + file + "\", loss = nll" + more + " }\n"
                + "data { source = digits, partitions = 2 }\n"
                + "training { epochs = 5, batch = 100 }\n";
        return Files.writeString(directory.resolve("net.conf"), text).toString();
    }

    private String run(String conf, double least) throws IOException {
        Path run = directory.resolve("run");
        JobRun trained = JobRun.good(Train::run, conf, "--output", run.toString());
        assertTrue(accuracy(trained.out()) > least, trained.out());
        return run.toString();
    }

    /** Converts without Spark; what it prints. */
    private static String converted(String... args) {
        JobRun run = JobRun.of(Convert::run, args);
        assertEquals(0, run.exitCode(), run.err());
        return run.out();
    }

    private static double accuracy(String out) {
        return Double.parseDouble(out.replaceAll("(?s).*test_accuracy=([0-9.]+).*", "$1"));
    }

    @Test
    void aNetworkTrainsAndKeepsTheLayoutsOfItsFile() throws IOException {
        String run = run(conf(", batch_norm = true"), 0.9);
        Files.delete(directory.resolve("net.onnx"));
        Path arrays = directory.resolve("a.npz");
        converted("--to", "npz", "--model", run, "--output", arrays.toString());
        NpzFile npz = NpzFile.read(arrays.toString());
        assertArrayEquals(new int[] {HIDDEN, 64}, npz.arrays().get("a.weight").shape());
        assertArrayEquals(new int[] {10, HIDDEN}, npz.arrays().get("b.weight").shape());
        assertArrayEquals(new int[] {HIDDEN}, npz.arrays().get("n.running_var").shape());
        Path again = directory.resolve("again");
        converted("--from", "npz", run, "--parameters", arrays.toString(), "--output", again.toString());
        assertArrayEquals(
                Files.readAllBytes(Path.of(run, "model", "parameters.bin")),
                Files.readAllBytes(again.resolve("model/parameters.bin")));
        converted(
                "--to",
                "onnx",
                "--model",
                run,
                "--output",
                directory.resolve("back.onnx").toString());
    }

    @Test
    void whatIsFrozenStays() throws IOException {
        String run = run(conf(", frozen = [\"a.*\"]"), 0.7);
        Path arrays = directory.resolve("a.npz");
        converted("--to", "npz", "--model", run, "--output", arrays.toString());
        NpzFile npz = NpzFile.read(arrays.toString());
        assertEquals(
                java.util.Set.of("n.weight", "n.bias", "b.weight", "b.bias"),
                npz.arrays().keySet());
    }

    @Test
    void aFileIsAModelWithoutTraining() throws IOException {
        String conf = conf("");
        Path model = directory.resolve("model");
        String made = converted("--from", "onnx", conf, "--output", model.toString());
        assertTrue(made.contains("format=onnx parameters=" + (HIDDEN * 64 + 2 * HIDDEN + 10 * HIDDEN + 10)));
    }

    @Test
    void theFilesOwnValuesAreSummarised() throws IOException {
        String conf = conf("");
        Path output = directory.resolve("curvature.json");
        Path data = directory.resolve("data.npz");
        NpzFile.write(
                data.toString(),
                java.util.Map.of(
                        "x", new NpzFile.Array(new int[] {20, 64}, drawn(20 * 64, 1, 3), false),
                        "y", new NpzFile.Array(new int[] {20}, new double[20], true)),
                io.etastar.tensor.DType.DOUBLE);
        JobRun.good(Summarize::run, conf, "--data", data.toString(), "--output", output.toString());
        assertTrue(Files.readString(output).contains("\"a.weight\""));
    }

    @Test
    void mistakesNameTheKey() throws IOException {
        String output = directory.resolve("r").toString();
        String both = JobRun.error(Train::run, conf(", content = \"AA==\""), "--output", output);
        assertTrue(both.endsWith("expected no such key beside file"), both);
        String other = JobRun.error(Train::run, conf(", layers = [3, 2]"), "--output", output);
        assertTrue(other.contains("no such key: model onnx uses"), other);
    }
}
