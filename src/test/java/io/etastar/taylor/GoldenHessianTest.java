package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.curvature.Lanczos;
import io.etastar.solve.Eigen;
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

/** Full Hessians of whole networks against {@code src/test/oracle/hessian.py}. */
class GoldenHessianTest {
    private static final Path ORACLE = GoldenCase.root().resolveSibling("oracle-hessian");

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

    private static HessianProgram program(GoldenCase golden) {
        HessianProgram program = HessianProgram.compile(golden.model, DType.DOUBLE, 7, 0);
        program.setParameters(golden.parameters);
        return program;
    }

    private static double[] product(HessianProgram program, GoldenCase golden, double[] vector) {
        program.setDirection(RawArray.of(vector));
        return program.hessianVector(golden.data, golden.rows()).meanProduct();
    }

    @ParameterizedTest
    @MethodSource("names")
    void products(String name) throws IOException {
        GoldenCase golden = GoldenCase.read(name);
        JsonNode oracle = oracle(name);
        assertEquals(
                golden.model.layout().names(),
                StreamSupport.stream(oracle.get("names").spliterator(), false)
                        .map(JsonNode::asText)
                        .toList());
        double[] expected = numbers(oracle.get("product"));
        try (HessianProgram program = program(golden)) {
            double[] found = product(program, golden, golden.direction.toDoubles());
            assertArrayEquals(expected, found, 1e-9 * largest(expected));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void topEigenvalues(String name) throws IOException {
        GoldenCase golden = GoldenCase.read(name);
        double[] expected = numbers(oracle(name).get("eigenvalues"));
        int size = golden.parameters.length();
        int count = Math.min(size - 1, 10);
        try (HessianProgram program = program(golden)) {
            Lanczos.TopEigenvalues found =
                    Lanczos.find(v -> product(program, golden, v), size, count, Lanczos.Which.MAGNITUDE, 1e-8, 1);
            assertTrue(found.converged());
            assertArrayEquals(Arrays.copyOf(expected, count), found.values(), 1e-9 * largest(expected));
        }
    }

    @Test
    void everyColumnOfASmallNetworksHessian() throws IOException {
        GoldenCase golden = GoldenCase.read("mlp-elu-mse-linear-head");
        int size = golden.parameters.length();
        double[][] hessian = new double[size][];
        try (HessianProgram program = program(golden)) {
            for (int p = 0; p < size; p++) {
                double[] unit = new double[size];
                unit[p] = 1;
                hessian[p] = product(program, golden, unit);
            }
        }
        for (int p = 0; p < size; p++) {
            for (int q = 0; q < p; q++) {
                assertEquals(hessian[p][q], hessian[q][p], 1e-13);
            }
        }
        double[] expected = numbers(oracle("mlp-elu-mse-linear-head").get("eigenvalues"));
        double[] found = Eigen.of(hessian).values();
        double[] sorted = Arrays.stream(found)
                .boxed()
                .sorted((a, b) -> Double.compare(Math.abs(b), Math.abs(a)))
                .mapToDouble(Double::doubleValue)
                .limit(expected.length)
                .toArray();
        assertArrayEquals(expected, sorted, 1e-9 * largest(expected));
    }
}
