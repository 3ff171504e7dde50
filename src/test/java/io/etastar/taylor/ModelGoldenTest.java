package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.tensor.DType;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Models, weights of rows and label smoothing against nested automatic differentiation in another program: {@code
 * golden-models/NAME}. All rows in one micro-batch, since batch norm mixes them.
 */
class ModelGoldenTest {
    private static Path root() {
        try {
            return Path.of(ModelGoldenTest.class.getResource("/golden-models").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<String> names() throws IOException {
        try (Stream<Path> cases = Files.list(root())) {
            return cases.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void doublePrecisionAgreesTo1e9(String name) throws IOException {
        check(name, DType.DOUBLE, 1e-9);
    }

    @ParameterizedTest
    @MethodSource("names")
    void singlePrecisionAgreesTo1e3(String name) throws IOException {
        check(name, DType.FLOAT, 1e-3);
    }

    private static void check(String name, DType type, double tolerance) throws IOException {
        GoldenCase golden = GoldenCase.at(root().resolve(name));
        DerivativeSummary found = golden.summary(type, golden.data.rows());
        JsonNode expected = golden.json.get("expected");
        assertEquals(expected.get("groups").size(), found.size());
        close(expected.get("loss"), tolerance, name + " loss", found.loss());
        close(expected.get("g"), tolerance, name + " g", found.g());
        close(expected.get("order3"), tolerance, name + " order3", found.order3());
        close(
                expected.get("H"),
                tolerance,
                name + " H",
                Arrays.stream(found.h()).flatMapToDouble(Arrays::stream).toArray());
    }

    /** Largest difference relative to the largest expected entry. */
    private static void close(JsonNode expected, double tolerance, String what, double... found) {
        double[] values = numbers(expected).toArray();
        assertEquals(values.length, found.length, what);
        double largest = DoubleStream.of(values).map(Math::abs).max().orElseThrow();
        for (int i = 0; i < values.length; i++) {
            double difference = Math.abs(values[i] - found[i]) / largest;
            assertTrue(difference <= tolerance, what + " " + i + ": relative difference " + difference);
        }
    }

    private static DoubleStream numbers(JsonNode node) {
        return node.isArray()
                ? StreamSupport.stream(node.spliterator(), false).flatMapToDouble(ModelGoldenTest::numbers)
                : DoubleStream.of(node.asDouble());
    }
}
