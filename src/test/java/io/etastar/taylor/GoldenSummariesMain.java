package io.etastar.taylor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.tensor.Backend;
import io.etastar.tensor.BackendChoice;
import io.etastar.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;

/**
 * Golden summaries on {@code engine.backend = cuda} beside the CPU's and the oracle's numbers, for {@code benchmarks/gpu}.
 *
 * <p>Differences are parts of a table's largest entry. Bounds: 1e-12 of the CPU in double precision, 1e-10 of the oracle, whose own last
 * digits differ, 1e-4 of the oracle in single precision. The process ends with 1 if one is exceeded, or bits are others the second time.
 */
public final class GoldenSummariesMain {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Backend DEVICE = new BackendChoice("cuda", "").backend();
    private static final double CPU = 1e-12;
    private static final double ORACLE = 1e-10;
    private static final double SINGLE = 1e-4;

    private final ArrayNode cases = JSON.createArrayNode();
    private final StringJoiner bits = new StringJoiner("\n", "", "\n");
    private int failed;

    private GoldenSummariesMain() {}

    /**
     * Runs the cases.
     *
     * @param args a file for the differences as JSON, one for the bits, then names of cases; without names all of them
     * @throws IOException if a case cannot be read, or a file be written
     */
    public static void main(String[] args) throws IOException {
        List<String> names = args.length > 2 ? List.of(args).subList(2, args.length) : GoldenCase.names();
        GoldenSummariesMain main = new GoldenSummariesMain();
        for (String name : names) {
            main.check(name, GoldenCase.read(name));
        }
        JSON.writeValue(Path.of(args[0]).toFile(), main.cases);
        Files.writeString(Path.of(args[1]), main.bits.toString());
        System.out.println("cases=" + names.size() + " failed=" + main.failed);
        System.exit(main.failed == 0 ? 0 : 1);
    }

    private void check(String name, GoldenCase golden) {
        ObjectNode found = cases.addObject().put("case", name);
        for (DType type : DType.values()) {
            DerivativeSummary first = onDevice(golden, type);
            boolean same = Arrays.deepEquals(tables(first), tables(onDevice(golden, type)));
            double ofOracle = difference(tables(golden.json.get("expected")), tables(first));
            ObjectNode precision = found.putObject(type.key()).put("of_oracle", ofOracle);
            boolean good = ofOracle <= (type == DType.FLOAT ? SINGLE : ORACLE);
            if (type == DType.DOUBLE) {
                double ofCpu = difference(tables(golden.summary(type, golden.data.rows())), tables(first));
                precision.put("of_cpu", ofCpu);
                good = good && ofCpu <= CPU;
            }
            precision.put("same_twice", same);
            failed += good && same ? 0 : 1;
            bits.add(name + " " + type.key() + " " + Arrays.deepHashCode(tables(first)));
        }
    }

    private static DerivativeSummary onDevice(GoldenCase golden, DType type) {
        return DEVICE.during(() -> golden.summary(type, 0));
    }

    private static double[][] tables(DerivativeSummary s) {
        return new double[][] {{s.loss()}, s.g(), SummaryPropertyTest.flat(s.h()), s.order3()};
    }

    private static double[][] tables(JsonNode oracle) {
        return List.of("loss", "g", "H", "order3").stream()
                .map(table -> numbers(oracle.get(table)).toArray())
                .toArray(double[][]::new);
    }

    private static DoubleStream numbers(JsonNode node) {
        return node.isArray()
                ? StreamSupport.stream(node.spliterator(), false).flatMapToDouble(GoldenSummariesMain::numbers)
                : DoubleStream.of(node.asDouble());
    }

    /** The largest difference, as a part of the largest entry of its table; infinite where a number is none. */
    private static double difference(double[][] expected, double[][] found) {
        double largest = 0;
        for (int table = 0; table < expected.length; table++) {
            double scale = Math.max(SummaryPropertyTest.largest(expected[table]), 1e-9);
            for (int i = 0; i < expected[table].length; i++) {
                double difference = Math.abs(found[table][i] - expected[table][i]) / scale;
                largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
            }
        }
        return largest;
    }
}
