package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.data.format.NpzFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether rates of the job Summarize may be taken: what it leaves out, what it measures, and what it holds against others. */
class SummarizeRatesTest {
    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final String KEY_BIAS = "layers.0.attention.key.bias";

    @TempDir
    Path directory;

    private int outputs;
    private JobRun run;

    private JsonNode summarize(Path files, String... more) throws IOException {
        Path output = directory.resolve("out" + outputs++ + ".json");
        List<String> arguments = new ArrayList<>(
                List.of(RESOURCES.resolve(files).resolve("case.json").toString(), "--output=" + output));
        for (String name : new String[] {"parameters", "data"}) {
            if (!String.join(" ", more).contains("--" + name)) {
                arguments.add("--" + name + "=" + RESOURCES.resolve(files).resolve(name + ".npz"));
            }
        }
        arguments.addAll(List.of(more));
        run = JobRun.good(Summarize::run, arguments.toArray(new String[0]));
        return new ObjectMapper().readTree(output.toFile());
    }

    private static Map<String, NpzFile.Array> read(Path file) {
        return new LinkedHashMap<>(NpzFile.read(file.toString()).arrays());
    }

    private Path write(String name, Map<String, NpzFile.Array> arrays) throws IOException {
        Path file = directory.resolve(name);
        NpzFile.write(file.toString(), arrays);
        return file;
    }

    private static void scale(NpzFile.Array array, double factor) {
        for (int i = 0; i < array.values().length; i++) {
            array.values()[i] *= factor;
        }
    }

    /** Softmax ignores what a key's bias adds to all scores of a query. */
    @ParameterizedTest
    @CsvSource({"double, gradient", "double, given", "float, gradient", "float, given"})
    void keyBiasesOfAttentionAreNamedAndLeftOut(String dtype, String direction) throws IOException {
        Path files = Path.of("golden-models/transformer-tokens");
        String u = direction.equals("given")
                ? RESOURCES.resolve(files).resolve("direction.npz").toString()
                : direction;
        JsonNode found = summarize(files, "--dtype=" + dtype, "--direction=" + u, "--damping-int=0.1,1,10");
        assertEquals("[[\"" + KEY_BIAS + "\"]]", found.get("below_rounding").toString());
        assertTrue(run.out().contains("rounding of their own sums: " + KEY_BIAS + "\n"), run.out());
        int subset = -1;
        for (int s = 0; s < found.get("groups").size(); s++) {
            subset = found.get("groups").get(s).get(0).asText().equals(KEY_BIAS) ? s : subset;
        }
        for (JsonNode solution : found.get("eta")) {
            assertEquals(0, solution.get("eta").get(subset).asDouble());
            for (JsonNode rate : solution.get("eta")) {
                assertTrue(Math.abs(rate.asDouble()) < 1e6, rate.toString());
            }
        }
    }

    /** The last layer's weights divided by 1e9 make the slopes of all others as small, and directions may have any length. */
    @ParameterizedTest
    @ValueSource(strings = {"double", "float"})
    void honestDerivativesAreKeptHoweverSmall(String dtype) throws IOException {
        Path files = Path.of("golden/mlp-tanh-nll");
        Map<String, NpzFile.Array> parameters = read(RESOURCES.resolve(files).resolve("parameters.npz"));
        scale(parameters.get("layers.2.weight"), 1e-9);
        Map<String, NpzFile.Array> direction = read(RESOURCES.resolve(files).resolve("direction.npz"));
        scale(direction.get("layers.1.bias"), 1e-12);
        JsonNode found = summarize(
                files,
                "--dtype=" + dtype,
                "--parameters=" + write("parameters.npz", parameters),
                "--direction=" + write("direction.npz", direction));
        assertEquals("[]", found.get("below_rounding").toString());
        assertTrue(Math.abs(found.get("g").get(3).asDouble()) < 1e-20);
    }

    @Test
    void aDirectionOfZerosHasARateOf0() throws IOException {
        Path files = Path.of("golden/mlp-tanh-nll");
        Map<String, NpzFile.Array> direction = read(RESOURCES.resolve(files).resolve("direction.npz"));
        Map<String, NpzFile.Array> zero = new LinkedHashMap<>(direction);
        scale(zero.get("layers.1.bias"), 0);
        JsonNode found = summarize(files, "--direction=" + write("direction.npz", zero));
        assertEquals("[]", found.get("below_rounding").toString());
        assertEquals(0, found.get("eta").get(0).get("eta").get(3).asDouble());
    }

    /** The losses are those of parameters that are moved here. */
    @Test
    void lossesAfterStepsAreThoseOfTheMovedParameters() throws IOException {
        Path files = Path.of("golden/mlp-tanh-nll-gradient");
        JsonNode found = summarize(files, "--damping-int=10", "--check=none");
        JsonNode solution = found.get("eta").get(0);
        assertFalse(found.has("other_rows"));
        Map<String, NpzFile.Array> direction = read(RESOURCES.resolve(files).resolve("direction.npz"));
        for (int i : new int[] {0, 3}) {
            JsonNode step = solution.get("steps").get(i);
            assertEquals(Math.pow(2, -i), step.get("fraction").asDouble());
            Map<String, NpzFile.Array> moved = read(RESOURCES.resolve(files).resolve("parameters.npz"));
            for (int s = 0; s < found.get("groups").size(); s++) {
                String name = found.get("groups").get(s).get(0).asText();
                double rate = step.get("fraction").asDouble()
                        * solution.get("eta").get(s).asDouble();
                double[] values = moved.get(name).values();
                for (int p = 0; p < values.length; p++) {
                    values[p] -= rate * direction.get(name).values()[p];
                }
            }
            JsonNode after = summarize(files, "--parameters=" + write("moved" + i + ".npz", moved));
            assertEquals(after.get("loss").asDouble(), step.get("loss").asDouble(), 1e-12);
        }
    }

    @Test
    void otherRowsAreAFileOrTheOtherHalf() throws IOException {
        Path files = Path.of("golden/mlp-tanh-nll-gradient");
        Random random = new Random(1);
        double[] x = random.doubles(100 * 12, -1, 1).toArray();
        double[] y = new double[100];
        for (int i = 0; i < y.length; i++) {
            y[i] = x[12 * i] > 0 ? 1 : 2;
        }
        Path rows = write(
                "rows.npz",
                Map.of(
                        "x", new NpzFile.Array(new int[] {100, 12}, x, false),
                        "y", new NpzFile.Array(new int[] {100}, y, true)));
        JsonNode ofFile = summarize(files, "--check=" + rows);
        assertEquals(rows.toString(), ofFile.get("other_rows").get("rows").asText());
        JsonNode alone = summarize(files, "--data=" + rows, "--damping-int=10");
        assertEquals(
                alone.get("loss").asDouble(),
                ofFile.get("other_rows").get("loss").asDouble(),
                1e-14);
        assertEquals(50, alone.get("other_rows").get("samples").asInt());
        JsonNode solution = alone.get("eta").get(0);
        double take = solution.get("take").asDouble();
        assertTrue(take > 0, solution.toString());
        for (JsonNode step : solution.get("steps")) {
            if (step.get("fraction").asDouble() == take) {
                assertTrue(step.get("loss").asDouble() < alone.get("loss").asDouble());
                assertTrue(step.get("other_loss").asDouble()
                        < alone.get("other_rows").get("loss").asDouble());
            }
        }
        assertTrue(run.out().contains("  " + solution.get("verdict").asText() + "\n"), run.out());
        assertEquals(take, run.figure("take"));
    }

    @Test
    void lossesOfOtherProgramsAreHeldAgainstOurs() throws IOException {
        Path files = Path.of("golden/mlp-tanh-nll");
        double loss = summarize(files).get("loss").asDouble();
        summarize(files, "--expect-loss=" + String.format(Locale.ROOT, "%.3f", loss));
        summarize(files, "--expect-loss=" + (float) loss);
        String wrong = String.format(Locale.ROOT, "%.3f", loss + 0.002);
        Path files1 = RESOURCES.resolve(files);
        JobRun refused = JobRun.of(
                Summarize::run,
                files1.resolve("case.json").toString(),
                "--parameters=" + files1.resolve("parameters.npz"),
                "--data=" + files1.resolve("data.npz"),
                "--output=" + directory.resolve("refused.json"),
                "--expect-loss=" + wrong);
        assertEquals(2, refused.exitCode());
        assertTrue(
                refused.err()
                        .startsWith("error: command line: --expect-loss: found a loss of "
                                + String.format(Locale.ROOT, "%.6f", loss).substring(0, 6)),
                refused.err());
        assertTrue(refused.err().contains("expected " + wrong + ": look at the layout"), refused.err());
        assertFalse(Files.exists(directory.resolve("refused.json")));
    }

    /** The same numbers, written as PyTorch has them. */
    @Test
    void denseWeightsMayBeTransposed() throws IOException {
        Path files = Path.of("golden/mlp-tanh-nll");
        JsonNode expected =
                summarize(files, "--direction=" + RESOURCES.resolve(files).resolve("direction.npz"));
        List<String> options = new ArrayList<>(List.of("--dense-layout=out-in"));
        for (String name : new String[] {"parameters", "direction"}) {
            Map<String, NpzFile.Array> arrays = read(RESOURCES.resolve(files).resolve(name + ".npz"));
            arrays.replaceAll((key, array) -> array.shape().length == 2 ? transposed(array) : array);
            options.add("--" + name + "=" + write(name + ".npz", arrays));
        }
        assertEquals(expected, summarize(files, options.toArray(new String[0])));
    }

    private static NpzFile.Array transposed(NpzFile.Array array) {
        int rows = array.shape()[0];
        int columns = array.shape()[1];
        double[] values = new double[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                values[j * rows + i] = array.values()[i * columns + j];
            }
        }
        return new NpzFile.Array(new int[] {columns, rows}, values, false);
    }
}
