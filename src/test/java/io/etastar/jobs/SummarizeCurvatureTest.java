package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.data.format.NpzFile;
import io.etastar.solve.Eigen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the job Summarize says about curvature; eigenvalues of the full Hessian against {@code src/test/oracle/hessian.py}. */
class SummarizeCurvatureTest {
    private static final Path RESOURCES = Path.of("src/test/resources");

    @TempDir
    Path directory;

    private String[] arguments(String name, String... more) {
        Path files = RESOURCES.resolve("golden").resolve(name);
        List<String> arguments = new ArrayList<>(List.of(
                files.resolve("case.json").toString(),
                "--parameters=" + files.resolve("parameters.npz"),
                "--direction=" + files.resolve("direction.npz"),
                "--data=" + files.resolve("data.npz"),
                "--output=" + directory.resolve("out.json")));
        arguments.addAll(List.of(more));
        return arguments.toArray(new String[0]);
    }

    private JsonNode summarize(String name, String... more) throws IOException {
        Files.deleteIfExists(directory.resolve("out.json"));
        JobRun.good(Summarize::run, arguments(name, more));
        return new ObjectMapper().readTree(directory.resolve("out.json").toFile());
    }

    private static double[] numbers(JsonNode array) {
        double[] numbers = new double[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.get(i).isNull() ? Double.NaN : array.get(i).asDouble();
        }
        return numbers;
    }

    private static double[][] matrix(JsonNode rows) {
        double[][] matrix = new double[rows.size()][];
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = numbers(rows.get(i));
        }
        return matrix;
    }

    @ParameterizedTest
    @CsvSource({
        "mlp-tanh-nll, double, 10, 1, 1e-9",
        "mlp-tanh-nll, double, 2, 5, 1e-9",
        "mlp-tanh-nll, float, 3, 1, 1e-3",
        "lenet-tanh-nll, double, 4, 3, 1e-9",
        "rosenbrock, double, 7, 1, 1e-9"
    })
    void topEigenvaluesAreThoseOfTheDenseHessian(String name, String dtype, int count, int partitions, double tolerance)
            throws IOException {
        JsonNode oracle = new ObjectMapper()
                .readTree(RESOURCES.resolve("oracle-hessian/" + name + ".json").toFile());
        double[] expected = Arrays.copyOf(numbers(oracle.get("eigenvalues")), count);
        JsonNode found = summarize(
                        name, "--dtype", dtype, "--partitions=" + partitions, "--top-eigenvalues", "" + count)
                .get("top_eigenvalues");
        double scale = Math.abs(expected[0]);
        assertTrue(found.get("converged").asBoolean());
        assertArrayEquals(expected, numbers(found.get("values")), tolerance * scale);
        assertEquals(count, found.get("residuals").size());
        for (double residual : numbers(found.get("residuals"))) {
            assertTrue(residual >= 0 && residual <= Math.max(tolerance, 1e-7) * scale, "residual " + residual);
        }
        assertTrue(found.get("iterations").asInt() >= count);
    }

    @ParameterizedTest
    @CsvSource({"mlp-tanh-nll, 1", "mlp-tanh-nll, 5", "autoencoder-tanh-bce, 3", "lenet-softplus-nll-wb, 2"})
    void theGaussNewtonMatrixIsThatOfTheOracle(String name, int partitions) throws IOException {
        JsonNode oracle = new ObjectMapper()
                .readTree(RESOURCES.resolve("oracle-ggn/" + name + ".json").toFile());
        JsonNode found = summarize(name, "--curvature", "ggn", "--partitions=" + partitions);
        assertEquals("ggn", found.get("curvature").asText());
        double[][] expected = matrix(oracle.get("ggn"));
        double scale =
                Arrays.stream(expected).flatMapToDouble(Arrays::stream).max().orElseThrow();
        double[][] ggn = matrix(found.get("H"));
        for (int s = 0; s < ggn.length; s++) {
            assertArrayEquals(expected[s], ggn[s], 1e-9 * scale);
        }
        assertTrue(numbers(found.get("spectrum"))[0] >= 0);
        assertEquals("hessian", summarize(name).get("curvature").asText());
    }

    @Test
    void theSameRunGivesTheSameBytes() throws IOException {
        summarize("mlp-tanh-nll", "--top-eigenvalues", "4");
        byte[] first = Files.readAllBytes(directory.resolve("out.json"));
        summarize("mlp-tanh-nll", "--top-eigenvalues", "4");
        assertArrayEquals(first, Files.readAllBytes(directory.resolve("out.json")));
    }

    @Test
    void spectrumInverseBlocksAndInteractionsOfH() throws IOException {
        JsonNode found = summarize("mlp-tanh-nll");
        assertFalse(found.has("top_eigenvalues"));
        double[][] h = matrix(found.get("H"));
        double[][] inverse = matrix(found.get("Hinv"));
        assertArrayEquals(Eigen.of(h).values(), numbers(found.get("spectrum")));
        assertTrue(found.get("condition").asDouble() > 1);
        assertEquals(
                "[\"weight\",\"bias\",\"weight\",\"bias\",\"weight\",\"bias\"]",
                found.get("kinds").toString());
        double[][] interactions = matrix(found.get("interactions"));
        for (int s = 0; s < h.length; s++) {
            for (int t = 0; t < h.length; t++) {
                double sum = 0;
                for (int r = 0; r < h.length; r++) {
                    sum += h[s][r] * inverse[r][t];
                }
                assertEquals(s == t ? 1 : 0, sum, 1e-10);
                assertEquals(h[s][t] / Math.sqrt(Math.abs(h[s][s] * h[t][t])), interactions[s][t], 1e-14);
            }
        }
        for (String name : new String[] {"H", "Hinv"}) {
            double[][] whole = name.equals("H") ? h : inverse;
            JsonNode blocks = found.get("blocks").get(name);
            for (int i = 0; i < 3; i++) {
                double[] weights = whole[2 * i];
                double[] biases = whole[2 * i + 1];
                assertArrayEquals(
                        new double[] {weights[0], weights[2], weights[4]},
                        numbers(blocks.get("weight_weight").get(i)));
                assertArrayEquals(
                        new double[] {weights[1], weights[3], weights[5]},
                        numbers(blocks.get("weight_bias").get(i)));
                assertArrayEquals(
                        new double[] {biases[1], biases[3], biases[5]},
                        numbers(blocks.get("bias_bias").get(i)));
            }
        }
    }

    @Test
    void subsetsOfNoKind() throws IOException {
        JsonNode rosenbrock = summarize("rosenbrock");
        assertEquals("[\"neither\",\"neither\"]", rosenbrock.get("kinds").toString());
        assertEquals(
                "[]", rosenbrock.get("blocks").get("H").get("weight_weight").toString());
        JsonNode mixed = summarize("mlp-tanh-nll", "--partition", "trivial");
        assertEquals("[\"neither\"]", mixed.get("kinds").toString());
        assertEquals("[[1.0]]", mixed.get("interactions").toString().replace("-", ""));
    }

    @Test
    void aDirectionWithoutOneSubsetMakesHSingular() throws IOException {
        Path files = RESOURCES.resolve("golden/mlp-tanh-nll");
        Map<String, NpzFile.Array> arrays = new LinkedHashMap<>(
                NpzFile.read(files.resolve("direction.npz").toString()).arrays());
        Arrays.fill(arrays.get("layers.1.bias").values(), 0);
        Path zero = directory.resolve("zero.npz");
        NpzFile.write(zero.toString(), arrays);
        JobRun.good(
                Summarize::run,
                files.resolve("case.json").toString(),
                "--parameters=" + files.resolve("parameters.npz"),
                "--direction=" + zero,
                "--data=" + files.resolve("data.npz"),
                "--output=" + directory.resolve("out.json"));
        JsonNode singular =
                new ObjectMapper().readTree(directory.resolve("out.json").toFile());
        assertTrue(singular.get("Hinv").isNull());
        assertTrue(singular.get("blocks").get("Hinv").isNull());
        assertTrue(singular.get("condition").isNull());
        assertTrue(singular.get("interactions").get(3).get(3).isNull());
        assertFalse(singular.get("interactions").get(0).get(2).isNull());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "2.5", "many", "101", ""})
    void countsOutOfRange(String count) {
        String error = JobRun.error(Summarize::run, arguments("mlp-tanh-nll", "--top-eigenvalues=" + count));
        assertEquals(
                "command line: --top-eigenvalues: found '" + count
                        + "', expected a whole number from 1 to 100 for 186 parameters",
                error);
        assertFalse(Files.exists(directory.resolve("out.json")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "two", "7"})
    void partitionsOutOfRange(String partitions) {
        String error = JobRun.error(Summarize::run, arguments("mlp-tanh-nll", "--partitions=" + partitions));
        assertEquals(
                "command line: --partitions: found '" + partitions
                        + "', expected a whole number from 1 to 6 (rows of the data)",
                error);
    }

    @Test
    void asManyAsParametersAreTooMany() {
        String error = JobRun.error(Summarize::run, arguments("rosenbrock", "--top-eigenvalues=8"));
        assertTrue(error.endsWith("found '8', expected a whole number from 1 to 7 for 8 parameters"), error);
    }
}
