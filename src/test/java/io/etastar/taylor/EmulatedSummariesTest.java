package io.etastar.taylor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.quantity.Curvature;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.KroneckerFactors;
import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;
import io.etastar.tensor.cuda.EmulatedBackend;
import io.etastar.tensor.cuda.Emulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Golden summaries with both curvatures, Kronecker factors and series on the emulated GPU: within 1e-12 of the CPU in double precision,
 * 1e-10 of the oracle, whose own last digits differ, and 1e-4 in single precision, each of a table's largest entry.
 */
class EmulatedSummariesTest {
    private static final Backend DEVICE = new EmulatedBackend();

    static List<String> summaries() throws IOException {
        return GoldenCase.names();
    }

    static List<String> matrices() throws IOException {
        return GoldenGgnTest.names();
    }

    static List<String> factors() throws IOException {
        return GoldenFactorsTest.names();
    }

    @AfterEach
    void nothingWasForgiven() {
        Emulator.assertNoViolations();
    }

    private static final double ORACLE = 1e-10;
    private static final double CPU = 1e-12;
    private static final double SINGLE = 1e-4;

    private static double[] numbers(JsonNode node) {
        return stream(node).toArray();
    }

    private static DoubleStream stream(JsonNode node) {
        return node.isArray()
                ? StreamSupport.stream(node.spliterator(), false).flatMapToDouble(EmulatedSummariesTest::stream)
                : DoubleStream.of(node.asDouble());
    }

    /** @param exact tolerance in double precision */
    private static void close(double[] expected, double[] found, DType type, double exact, String what) {
        double tolerance = type == DType.FLOAT ? SINGLE : exact;
        SummaryPropertyTest.close(expected, found, SummaryPropertyTest.largest(expected), tolerance, what + " " + type);
    }

    private static void check(String name, DType type, JsonNode expected, String matrix, DerivativeSummary found) {
        close(numbers(expected.get("loss")), new double[] {found.loss()}, type, ORACLE, name + " loss");
        close(numbers(expected.get("g")), found.g(), type, ORACLE, name + " g");
        close(numbers(expected.get(matrix)), SummaryPropertyTest.flat(found.h()), type, ORACLE, name + " " + matrix);
        close(numbers(expected.get("order3")), found.order3(), type, ORACLE, name + " order3");
    }

    private static void likeTheCpu(GoldenCase golden, Curvature curvature, DerivativeSummary found) {
        SummaryPropertyTest.close(golden.summary(DType.DOUBLE, golden.data.rows(), curvature), found, CPU);
    }

    @ParameterizedTest
    @MethodSource("summaries")
    void summary(String name) throws IOException {
        GoldenCase golden = GoldenCase.read(name);
        for (DType type : DType.values()) {
            DerivativeSummary found = DEVICE.during(() -> golden.summary(type, 0));
            check(name, type, golden.json.get("expected"), "H", found);
            if (type == DType.DOUBLE) {
                likeTheCpu(golden, Curvature.HESSIAN, found);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("matrices")
    void gaussNewtonMatrix(String name) throws IOException {
        JsonNode oracle = GoldenGgnTest.oracle(name);
        GoldenCase golden = GoldenGgnTest.golden(oracle);
        for (DType type : DType.values()) {
            DerivativeSummary found = DEVICE.during(() -> golden.summary(type, golden.data.rows(), Curvature.GGN));
            check(name, type, oracle, "ggn", found);
            if (type == DType.DOUBLE) {
                likeTheCpu(golden, Curvature.GGN, found);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("factors")
    void empiricalFactors(String name) throws IOException {
        Path file = GoldenCase.root().resolveSibling("oracle-kfac").resolve(name + ".json");
        JsonNode layers = new ObjectMapper().readTree(file.toFile()).get("layers");
        for (DType type : DType.values()) {
            KroneckerFactors found = DEVICE.during(() -> factorsOf(name, type, false));
            for (int i = 0; i < layers.size(); i++) {
                close(numbers(layers.get(i).get("A")), found.a(i).toDoubles(), type, ORACLE, name + " A");
                close(numbers(layers.get(i).get("empirical")), found.s(i).toDoubles(), type, ORACLE, name + " S");
            }
        }
    }

    /** Labels are drawn on the device as on the CPU. */
    @ParameterizedTest
    @MethodSource("factors")
    void sampledFactors(String name) {
        KroneckerFactors expected = factorsOf(name, DType.DOUBLE, true);
        for (DType type : DType.values()) {
            KroneckerFactors found = DEVICE.during(() -> factorsOf(name, type, true));
            for (int i = 0; i < expected.layers().size(); i++) {
                close(expected.s(i).toDoubles(), found.s(i).toDoubles(), type, CPU, name + " S");
            }
        }
    }

    private static KroneckerFactors factorsOf(String name, DType type, boolean sampled) {
        GoldenCase golden = read(name);
        try (FactorProgram program = FactorProgram.compile(golden.model, type, 4, golden.data.rows(), sampled)) {
            program.setParameters(golden.parameters);
            program.setSeed(3);
            return program.factors(golden.data, golden.rows());
        }
    }

    private static GoldenCase read(String name) {
        try {
            return GoldenCase.read(name);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Against the CPU's. */
    @ParameterizedTest
    @MethodSource("summaries")
    void series(String name) throws IOException {
        GoldenCase golden = GoldenCase.read(name);
        double[] expected = seriesOf(golden, DType.DOUBLE);
        for (DType type : DType.values()) {
            Supplier<double[]> found = () -> seriesOf(golden, type);
            close(expected, DEVICE.during(found), type, CPU, name + " series");
        }
    }

    private static double[] seriesOf(GoldenCase golden, DType type) {
        try (SeriesProgram program = SeriesProgram.compile(golden.model, type, golden.data.rows(), null, 3)) {
            program.setParameters(golden.parameters);
            program.setDirection(golden.direction);
            return program.terms(golden.data, golden.rows()).derivatives();
        }
    }
}
