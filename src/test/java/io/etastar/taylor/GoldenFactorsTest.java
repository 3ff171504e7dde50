package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.UserError;
import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.quantity.KroneckerFactors;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kronecker factors of whole networks against {@code src/test/oracle/kfac.py}. */
class GoldenFactorsTest {
    private static final Path ORACLE = GoldenCase.root().resolveSibling("oracle-kfac");

    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(ORACLE)) {
            return files.map(file -> file.getFileName().toString().replace(".json", ""))
                    .sorted()
                    .toList();
        }
    }

    private static JsonNode oracle(String name) throws IOException {
        return new ObjectMapper().readTree(ORACLE.resolve(name + ".json").toFile());
    }

    private static double[] numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }

    private static double largest(double... values) {
        return Arrays.stream(values).map(Math::abs).max().orElseThrow();
    }

    private static FactorProgram program(GoldenCase golden, DType type, int microBatch, boolean sampled) {
        FactorProgram program = FactorProgram.compile(golden.model, type, microBatch, golden.data.rows(), sampled);
        program.setParameters(golden.parameters);
        return program;
    }

    private static KroneckerFactors empirical(GoldenCase golden, DType type, int microBatch, Shard data, int... rows) {
        try (FactorProgram program = program(golden, type, microBatch, false)) {
            return program.factors(data, rows);
        }
    }

    private static void check(JsonNode oracle, GoldenCase golden, KroneckerFactors found, double tolerance) {
        assertEquals(oracle.get("samples").asInt(), found.samples());
        JsonNode layers = oracle.get("layers");
        assertEquals(layers.size(), found.layers().size());
        for (int i = 0; i < layers.size(); i++) {
            JsonNode expected = layers.get(i);
            KroneckerFactors.Layer layer = found.layers().get(i);
            String name = expected.get("layer").asText();
            assertEquals(name + ".weight", golden.model.layout().name(layer.weight()));
            assertEquals(name + ".bias", golden.model.layout().name(layer.bias()));
            assertEquals(expected.get("inputs").asInt(), layer.inputs());
            assertEquals(expected.get("outputs").asInt(), layer.outputs());
            assertEquals(expected.get("positions").asInt(), layer.positions());
            assertEquals(golden.model.layout().shape(layer.weight()).length == 2, layer.inputsFirst());
            double[] a = numbers(expected.get("A"));
            assertArrayEquals(a, found.a(i).toDoubles(), tolerance * largest(a), name + " A");
            double[] s = numbers(expected.get("empirical"));
            assertArrayEquals(s, found.s(i).toDoubles(), tolerance * largest(s), name + " S");
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void empiricalFactors(String name) throws IOException {
        GoldenCase golden = GoldenCase.read(name);
        for (int microBatch : new int[] {0, 1, 4}) {
            KroneckerFactors found = empirical(golden, DType.DOUBLE, microBatch, golden.data, golden.rows());
            check(oracle(name), golden, found, 1e-9);
        }
        check(oracle(name), golden, empirical(golden, DType.FLOAT, 4, golden.data, golden.rows()), 1e-4);
    }

    /** The mean over many seeds, within five standard deviations of it as the spread over seeds tells. */
    @ParameterizedTest
    @MethodSource("names")
    void sampledFactorsHaveTheFisherMatrixForTheirMean(String name) throws IOException {
        GoldenCase golden = GoldenCase.read(name);
        JsonNode layers = oracle(name).get("layers");
        int seeds = 3000;
        double[][] sum = new double[layers.size()][];
        double[][] squares = new double[layers.size()][];
        try (FactorProgram program = program(golden, DType.DOUBLE, 0, true)) {
            for (int seed = 0; seed < seeds; seed++) {
                program.setSeed(seed);
                add(program.factors(golden.data, golden.rows()), sum, squares);
            }
        }
        for (int i = 0; i < sum.length; i++) {
            double[] expected = numbers(layers.get(i).get("sampled"));
            for (int k = 0; k < expected.length; k++) {
                double mean = sum[i][k] / seeds;
                double deviation = Math.sqrt(Math.max(0, squares[i][k] / seeds - mean * mean) / seeds);
                assertEquals(expected[k], mean, 5 * deviation + 1e-12, "layer " + i + " entry " + k);
                assertTrue(deviation <= 0.1 * largest(expected));
            }
        }
    }

    private static void add(KroneckerFactors factors, double[][] sum, double[][] squares) {
        for (int i = 0; i < sum.length; i++) {
            double[] s = factors.s(i).toDoubles();
            sum[i] = sum[i] == null ? new double[s.length] : sum[i];
            squares[i] = squares[i] == null ? new double[s.length] : squares[i];
            for (int k = 0; k < s.length; k++) {
                sum[i][k] += s[k];
                squares[i][k] += s[k] * s[k];
            }
        }
    }

    @Test
    void drawnLabelsDependOnSeedAndRowAlone() throws IOException {
        GoldenCase golden = GoldenCase.read("lenet-tanh-nll");
        try (FactorProgram one = program(golden, DType.DOUBLE, 1, true);
                FactorProgram four = program(golden, DType.DOUBLE, 4, true)) {
            one.setSeed(3);
            four.setSeed(3);
            double[] s = four.factors(golden.data, golden.rows()).s(1).toDoubles();
            assertArrayEquals(s, one.factors(golden.data, golden.rows()).s(1).toDoubles(), 1e-13 * largest(s));
            double[] parts = one.factors(golden.data, new int[] {5, 0, 3}).s(1).toDoubles();
            RawArray sum = one.factors(golden.data, new int[] {2, 1, 4}).s(1);
            sum.addInPlace(RawArray.of(parts));
            assertArrayEquals(s, sum.toDoubles(), 1e-13 * largest(s));
            four.setSeed(4);
            double[] other = four.factors(golden.data, golden.rows()).s(1).toDoubles();
            assertTrue(Math.abs(other[0] - s[0]) > 1e-3 * s[0], "another seed draws other labels");
        }
    }

    @Test
    void aRowOfWeightTwoCountsTwice() throws IOException {
        for (String name : new String[] {"mlp-tanh-nll", "lenet-tanh-nll"}) {
            GoldenCase golden = GoldenCase.read(name);
            Shard data = golden.data;
            double[] weights = {2, 0, 1, 0.5, 1, 0};
            Shard weighted = new Shard(data.rows(), data.features(), data.targets(), weights);
            KroneckerFactors found = empirical(golden, DType.DOUBLE, 4, weighted, golden.rows());
            KroneckerFactors half = empirical(golden, DType.DOUBLE, 4, data, 3);
            KroneckerFactors rest = empirical(golden, DType.DOUBLE, 4, data, 0, 0, 2, 4);
            assertEquals(4.5, found.samples());
            for (int i = 0; i < found.layers().size(); i++) {
                double[] a = rest.a(i).toDoubles();
                double[] s = rest.s(i).toDoubles();
                for (int k = 0; k < a.length; k++) {
                    a[k] += 0.5 * half.a(i).get(k);
                }
                for (int k = 0; k < s.length; k++) {
                    s[k] += 0.5 * half.s(i).get(k);
                }
                assertArrayEquals(a, found.a(i).toDoubles(), 1e-12 * largest(a));
                assertArrayEquals(s, found.s(i).toDoubles(), 1e-12 * largest(s));
            }
        }
    }

    @Test
    void sumsOverPartsAreTheSumOverTheWhole() throws IOException {
        GoldenCase golden = GoldenCase.read("vgg-elu-nll");
        KroneckerFactors whole = empirical(golden, DType.DOUBLE, 0, golden.data, golden.rows());
        KroneckerFactors parts = empirical(golden, DType.DOUBLE, 2, golden.data, 4, 1, 0)
                .merge(empirical(golden, DType.DOUBLE, 2, golden.data, 5))
                .merge(empirical(golden, DType.DOUBLE, 2, golden.data, 2, 3));
        assertEquals(whole.samples(), parts.samples());
        for (int i = 0; i < whole.layers().size(); i++) {
            double[] a = whole.meanA(i);
            assertArrayEquals(a, parts.meanA(i), 1e-12 * largest(a));
            double[] s = whole.meanS(i);
            assertArrayEquals(s, parts.meanS(i), 1e-12 * largest(s));
        }
    }

    private static Model model(String json) {
        return new ModelDescription(json).build(DType.DOUBLE);
    }

    @Test
    void refusals() {
        Model valley = model("{\"model\": \"rosenbrock\", \"d\": 2, \"loss\": \"none\"}");
        UserError none = assertThrows(UserError.class, () -> FactorProgram.check(valley, false));
        assertTrue(none.getMessage().startsWith("optimizer.name: found k-fac"), none.getMessage());
        Model smoothed = model("{\"model\": \"perceptron\", \"layers\": [3, 2], \"activation\": \"tanh\","
                + " \"loss\": \"nll\", \"label_smoothing\": 0.1}");
        UserError loss = assertThrows(UserError.class, () -> FactorProgram.check(smoothed, true));
        assertTrue(loss.getMessage().startsWith("optimizer.kfac.fisher: found sampled"), loss.getMessage());
        FactorProgram.check(smoothed, false);
    }
}
