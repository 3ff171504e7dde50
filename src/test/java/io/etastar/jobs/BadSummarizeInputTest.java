package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.format.NpzFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Case files and NumPy files that do not fit: one line, exit code 2, no Spark. */
class BadSummarizeInputTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/mlp-tanh-nll");

    @TempDir
    Path directory;

    private Path file(String name) {
        return directory.resolve(name);
    }

    @BeforeEach
    void copy() throws IOException {
        for (String name : new String[] {"case.json", "parameters.npz", "direction.npz", "data.npz"}) {
            Files.copy(GOLDEN.resolve(name), file(name));
        }
    }

    private void change(String name, String array, UnaryOperator<NpzFile.Array> change) throws IOException {
        Map<String, NpzFile.Array> arrays =
                new LinkedHashMap<>(NpzFile.read(file(name).toString()).arrays());
        NpzFile.Array changed = change.apply(arrays.remove(array));
        if (changed != null) {
            arrays.put(array, changed);
        }
        NpzFile.write(file(name).toString(), arrays);
    }

    private static NpzFile.Array with(NpzFile.Array array, int element, double value) {
        array.values()[element] = value;
        return array;
    }

    private String error(String... more) {
        List<String> args = new ArrayList<>(List.of(
                file("case.json").toString(),
                "--parameters=" + file("parameters.npz"),
                "--direction=" + file("direction.npz"),
                "--data=" + file("data.npz")));
        args.addAll(more.length > 0 ? List.of(more) : List.of("--output=" + file("out.json")));
        String error = JobRun.error(Summarize::run, args.toArray(new String[0]));
        assertTrue(Files.notExists(file("out.json")));
        return error.replace(directory + "/", "");
    }

    @Test
    void notANumberInTheData() throws IOException {
        change("data.npz", "x", x -> with(x, 13, Double.NaN));
        assertEquals("data.npz: array 'x': found NaN at element 13, expected finite numbers", error());
    }

    @Test
    void curvatures() {
        String[] files = {"--output=" + file("out.json"), "--curvature=newton"};
        assertEquals("command line: --curvature: found 'newton', expected hessian or ggn", error(files));
        Path rosenbrock = GOLDEN.resolveSibling("rosenbrock");
        assertEquals(
                "model: found loss 'loss' that is linear in output 'loss', so that its Gauss-Newton matrix is 0, expected"
                        + " an output that the loss is curved in, such as logits, for curvature ggn",
                JobRun.error(
                        Summarize::run,
                        rosenbrock.resolve("case.json").toString(),
                        "--parameters=" + rosenbrock.resolve("parameters.npz"),
                        "--data=" + rosenbrock.resolve("data.npz"),
                        "--output=" + file("out.json"),
                        "--curvature=ggn"));
    }

    @Test
    void infiniteParametersAndDirections() throws IOException {
        change("direction.npz", "layers.0.bias", u -> with(u, 2, Double.POSITIVE_INFINITY));
        assertEquals(
                "direction.npz: array 'layers.0.bias': found Infinity at element 2, expected finite numbers", error());
        change("parameters.npz", "layers.1.bias", u -> with(u, 0, Double.NaN));
        assertEquals("parameters.npz: array 'layers.1.bias': found NaN at element 0, expected finite numbers", error());
    }

    @Test
    void labelsOutOfRange() throws IOException {
        change("data.npz", "y", y -> with(y, 3, 4));
        assertEquals("data.npz: array 'y': found 4 at row 3, expected a class index from 0 to 3", error());
        change("data.npz", "y", y -> with(y, 3, -1));
        assertEquals("data.npz: array 'y': found -1 at row 3, expected a class index from 0 to 3", error());
    }

    @Test
    void missingNames() throws IOException {
        change("data.npz", "y", y -> null);
        assertEquals("data.npz: array 'y': found none among [x], expected arrays x and y", error());
        change("direction.npz", "layers.2.weight", u -> null);
        assertTrue(error().startsWith("direction.npz: array 'layers.2.weight': found none among ["), error());
        change("parameters.npz", "layers.0.weight", u -> null);
        assertTrue(error().startsWith("parameters.npz: array 'layers.0.weight': found none among ["), error());
    }

    @Test
    void wrongShapes() throws IOException {
        change("data.npz", "x", x -> new NpzFile.Array(new int[] {x.values().length / 6, 6}, x.values(), false));
        assertTrue(error().matches("data.npz: array '[xy]': found shape \\[\\d+(, 6)?], expected \\d+ rows of .*"));
        change("parameters.npz", "layers.0.weight", w -> new NpzFile.Array(new int[] {8, 12}, w.values(), false));
        assertEquals(
                "parameters.npz: array 'layers.0.weight': found shape [8, 12], expected [12, 8], or the other"
                        + " --dense-layout",
                error());
    }

    @Test
    void filesThatAreNoNpz() throws IOException {
        byte[] whole = Files.readAllBytes(file("parameters.npz"));
        Files.write(file("parameters.npz"), Arrays.copyOf(whole, whole.length / 2));
        assertTrue(error().startsWith("parameters.npz: not a whole .npz (zip) file: "), error());
        Files.delete(file("parameters.npz"));
        assertEquals("parameters.npz: no such file; expected an .npz file", error());
    }

    @Test
    void casesThatDoNotFit() throws IOException {
        String json = Files.readString(file("case.json"));
        Files.writeString(file("case.json"), json.replaceFirst("\"activation\"", "\"activaton\""));
        assertTrue(
                error().matches("case.json:\\d+: unknown key 'activaton': found \"tanh\", expected a known key;"
                        + " the nearest is 'activation'"),
                error());
        Files.writeString(file("case.json"), json.replaceFirst("\"canonical\"", "\"names:gamma\""));
        assertTrue(error().startsWith("partition: found 'names:gamma', but no parameter's name ends in"), error());
        Files.delete(file("case.json"));
        assertEquals("case.json: found nothing, expected a configuration file", error());
    }

    @Test
    void ordersThatCannotBe() {
        String output = "--output=" + file("out.json");
        for (String order : new String[] {"0", "-1", "2.5", "third", ""}) {
            assertEquals(
                    "command line: --order: found '" + order + "', expected a whole number of at least 1",
                    error(output, "--order=" + order));
        }
        assertEquals(
                "command line: --order: found 40 for 6 subsets, whose tensor has more than 1000000 entries C(45, 40),"
                        + " expected fewer subsets or a lower order",
                error(output, "--order=40"));
    }

    @Test
    void layoutsLossesAndOtherRowsThatCannotBe() {
        String output = "--output=" + file("out.json");
        assertEquals(
                "command line: --dense-layout: found 'in', expected out-in or in-out",
                error(output, "--dense-layout=in"));
        assertEquals("command line: --expect-loss: found '1,2', expected a number", error(output, "--expect-loss=1,2"));
        assertEquals("rows.npz: no such file; expected an .npz file", error(output, "--check=" + file("rows.npz")));
    }

    @Test
    void outputsThatCannotBeWritten() throws IOException {
        assertTrue(
                error("--output", file("case.json") + "/out.json")
                        .startsWith("--output case.json/out.json: found a place that cannot be used ("),
                error("--output", file("case.json") + "/out.json"));
        Files.createDirectory(file("taken"));
        assertEquals(
                "--output taken: found a place that cannot be used (a directory), expected a file that can be written",
                error("--output", file("taken").toString()));
        assertEquals(
                "--output data.npz: found it there already, expected a new name",
                error("--output", file("data.npz").toString()));
        assertTrue(error("--output", file("a").toString(), "--dtype=half").startsWith("dtype: found 'half'"));
    }
}
