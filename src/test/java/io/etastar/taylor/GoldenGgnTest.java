package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.quantity.Curvature;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gauss-Newton matrices of whole networks against {@code src/test/oracle/ggn.py}. */
class GoldenGgnTest {
    private static final Path ORACLE = GoldenCase.root().resolveSibling("oracle-ggn");

    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(ORACLE)) {
            return files.map(file -> file.getFileName().toString().replace(".json", ""))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void allCasesAreThere() throws IOException {
        assertEquals(25, names().size());
    }

    @ParameterizedTest
    @MethodSource("names")
    void doublePrecisionAgreesTo1e9(String name) throws IOException {
        check(name, DType.DOUBLE, Integer.MAX_VALUE, 1e-9);
    }

    @ParameterizedTest
    @MethodSource("names")
    void microBatchesDoNotMatterWhereRowsAreApart(String name) throws IOException {
        JsonNode oracle = oracle(name);
        if (!Program.mixesRows(golden(oracle).model)) {
            check(name, DType.DOUBLE, 2, 1e-9);
            check(name, DType.DOUBLE, 3, 1e-9);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void singlePrecisionAgreesTo1e3(String name) throws IOException {
        check(name, DType.FLOAT, Integer.MAX_VALUE, 1e-3);
    }

    static JsonNode oracle(String name) throws IOException {
        return new ObjectMapper().readTree(ORACLE.resolve(name + ".json").toFile());
    }

    static GoldenCase golden(JsonNode oracle) throws IOException {
        Path directory = GoldenCase.root().resolve(oracle.get("case").asText());
        Path models = GoldenCase.root().resolveSibling("golden-models").resolve(directory.getFileName());
        return GoldenCase.at(Files.exists(directory) ? directory : models, oracle.get("changes"));
    }

    private static void check(String name, DType type, int most, double tolerance) throws IOException {
        JsonNode oracle = oracle(name);
        GoldenCase golden = golden(oracle);
        DerivativeSummary found = golden.summary(type, Math.min(most, golden.data.rows()), Curvature.GGN);
        double loss = oracle.get("loss").asDouble();
        assertEquals(loss, found.loss(), tolerance * Math.abs(loss), name + " loss");
        close(oracle.get("g"), found.g(), tolerance, name + " g");
        close(oracle.get("ggn"), SummaryPropertyTest.flat(found.h()), tolerance, name + " G");
        close(oracle.get("order3"), found.order3(), tolerance, name + " order3");
    }

    /** Relative to the largest expected entry, in single precision as well where all are 0. */
    private static void close(JsonNode expected, double[] found, double tolerance, String what) {
        double[] values = numbers(expected).toArray();
        SummaryPropertyTest.close(values, found, SummaryPropertyTest.largest(values), tolerance, what);
    }

    private static DoubleStream numbers(JsonNode node) {
        return node.isArray()
                ? StreamSupport.stream(node.spliterator(), false).flatMapToDouble(GoldenGgnTest::numbers)
                : DoubleStream.of(node.asDouble());
    }
}
