package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.graph.GraphOp;
import io.etastar.graph.GraphReader;
import io.etastar.graph.Model;
import io.etastar.partition.ParameterLayout;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.tensor.DType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every op with a rule or an expansion against nested automatic differentiation, by the graphs of {@link TestGraphs}. */
class OracleRowsTest {
    private static final Map<String, Model> MODELS = TestGraphs.all();

    static Set<String> names() {
        return MODELS.keySet();
    }

    @Test
    void everyGraphHasARow() throws IOException {
        Set<String> missing = new TreeSet<>();
        for (String name : names()) {
            if (OracleRow.read(name, MODELS.get(name)) == null) {
                missing.add(name);
            }
        }
        assertEquals(Set.of(), missing, "graphs without a row: add them to src/test/oracle/ops.py and run it");
    }

    @Test
    void everyOpIsInAGraph() {
        Set<String> missing = new TreeSet<>(BuiltInOps.own().names());
        for (Model model : MODELS.values()) {
            for (GraphOp source : GraphReader.operations(model)) {
                missing.remove(source.type());
            }
            Program.graph(model, 3, null)
                    .ops()
                    .forEach(op -> missing.remove(op.source().type()));
        }
        assertEquals(Set.of(), missing, "ops without a graph in TestGraphs");
    }

    @ParameterizedTest
    @MethodSource("names")
    void parametersAreTheGraphs(String name) throws IOException {
        ParameterLayout layout = MODELS.get(name).layout();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < layout.count(); i++) {
            expected.add(layout.name(i) + Arrays.toString(layout.shape(i)).replace(" ", ""));
        }
        assertEquals(
                new HashSet<>(expected),
                new HashSet<>(OracleRow.read(name, MODELS.get(name)).parameters()));
    }

    @ParameterizedTest
    @MethodSource("names")
    void doublePrecisionAgreesTo1e9(String name) throws IOException {
        OracleRow row = OracleRow.read(name, MODELS.get(name));
        check(name, row, row.summary(DType.DOUBLE, row.data.rows()), 1e-9);
        check(name + ", padded", row, row.summary(DType.DOUBLE, row.data.rows() + 3), 1e-9);
        if (!Program.mixesRows(row.model)) {
            check(name + " in parts", row, row.summary(DType.DOUBLE, 2), 1e-9);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void singlePrecisionAgreesTo1e3(String name) throws IOException {
        OracleRow row = OracleRow.read(name, MODELS.get(name));
        check(name, row, row.summary(DType.FLOAT, row.data.rows()), 1e-3);
    }

    private static void check(String what, OracleRow row, DerivativeSummary found, double tolerance) {
        ParameterLayout layout = row.model.layout();
        List<String> order = new ArrayList<>();
        row.json.get("parameters").fieldNames().forEachRemaining(order::add);
        int[] at = order.stream().mapToInt(layout.names()::indexOf).toArray();
        int n = at.length;
        double[] g = new double[n];
        double[] order3 = new double[n];
        double[] h = new double[n * n];
        for (int i = 0; i < n; i++) {
            g[i] = found.g()[at[i]];
            order3[i] = found.order3()[at[i]];
            for (int j = 0; j < n; j++) {
                h[i * n + j] = found.h()[at[i]][at[j]];
            }
        }
        close(what + " loss", row, "loss", new double[] {found.loss()}, tolerance);
        close(what + " g", row, "g", g, tolerance);
        close(what + " H", row, "H", h, tolerance);
        close(what + " order3", row, "order3", order3, tolerance);
    }

    /** Largest difference relative to the table's largest entry; third derivatives that vanish to the scale of H. */
    private static void close(String what, OracleRow row, String table, double[] found, double tolerance) {
        double[] expected = OracleRow.numbers(row.json.get("expected").get(table));
        assertEquals(expected.length, found.length, what);
        double scale = largest(expected);
        if ("order3".equals(table)) {
            scale = Math.max(
                    scale,
                    1e-6 * largest(OracleRow.numbers(row.json.get("expected").get("H"))));
        }
        double difference = 0;
        for (int i = 0; i < found.length; i++) {
            difference = Math.max(difference, Math.abs(expected[i] - found[i]));
        }
        assertTrue(difference <= tolerance * scale, what + ": " + difference + " of " + scale);
    }

    private static double largest(double... values) {
        return Arrays.stream(values).map(Math::abs).max().orElse(0);
    }
}
