package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.tensor.DType;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The engine against nested automatic differentiation. */
class GoldenSummaryTest {
    static List<String> names() throws IOException {
        return GoldenCase.names();
    }

    @Test
    void allCasesAreThere() throws IOException {
        assertEquals(15, names().size());
    }

    @ParameterizedTest
    @MethodSource("names")
    void doublePrecisionAgreesTo1e9(String name) throws IOException {
        check(name, DType.DOUBLE, 0, 1e-9);
    }

    @ParameterizedTest
    @MethodSource("names")
    void microBatchesDoNotMatter(String name) throws IOException {
        for (int rows : new int[] {1, 4, 5}) {
            check(name, DType.DOUBLE, rows, 1e-9);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void singlePrecisionAgreesTo1e3(String name) throws IOException {
        check(name, DType.FLOAT, 0, 1e-3);
    }

    private static void check(String name, DType type, int microBatch, double tolerance) throws IOException {
        GoldenCase golden = GoldenCase.read(name);
        DerivativeSummary found = golden.summary(type, microBatch);
        JsonNode expected = golden.json.get("expected");
        String what = name + " " + type + " micro-batch " + microBatch + " ";
        assertEquals(expected.get("loss").asDouble(), found.loss(), tolerance * Math.abs(found.loss()), what + "loss");
        close(expected.get("g"), found.g(), tolerance, what + "g");
        close(expected.get("order3"), found.order3(), tolerance, what + "order3");
        close(expected.get("H"), flat(found.h()), tolerance, what + "H");
    }

    private static double[] flat(double[][] rows) {
        return java.util.Arrays.stream(rows)
                .flatMapToDouble(java.util.Arrays::stream)
                .toArray();
    }

    /** Largest difference relative to the largest expected entry. */
    private static void close(JsonNode expected, double[] found, double tolerance, String what) {
        double[] values = numbers(expected);
        assertEquals(values.length, found.length, what);
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < values.length; i++) {
            largest = Math.max(largest, Math.abs(values[i]));
            difference = Math.max(difference, Math.abs(values[i] - found[i]));
        }
        double relative = largest == 0 ? difference : difference / largest;
        assertTrue(relative <= tolerance, what + ": relative difference " + relative);
    }

    private static double[] numbers(JsonNode node) {
        java.util.List<Double> values = new java.util.ArrayList<>();
        flatten(node, values);
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static void flatten(JsonNode node, java.util.List<Double> values) {
        if (node.isArray()) {
            node.forEach(entry -> flatten(entry, values));
        } else {
            values.add(node.asDouble());
        }
    }
}
