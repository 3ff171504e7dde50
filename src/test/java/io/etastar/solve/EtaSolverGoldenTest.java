package io.etastar.solve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EtaSolverGoldenTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    record Case(String name, double[] g, double[][] h, double[] order3, double lambda, double[] eta, Double r) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        try (InputStream in = EtaSolverGoldenTest.class.getResourceAsStream("/golden/solver.json")) {
            for (JsonNode node : JSON.readTree(in)) {
                cases.add(new Case(
                        node.get("name").asText(),
                        JSON.convertValue(node.get("g"), double[].class),
                        JSON.convertValue(node.get("H"), double[][].class),
                        JSON.convertValue(node.get("order3"), double[].class),
                        node.get("damping_int").asDouble(),
                        JSON.convertValue(node.get("eta"), double[].class),
                        JSON.convertValue(node.get("r"), Double.class)));
            }
        }
        assertTrue(cases.size() > 30);
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithTheReference(Case c) {
        EtaSolution solution = EtaSolver.solve(c.g, c.h, c.order3, c.lambda);
        switch (c.name) {
            case "no-solution" -> {
                assertEquals(EtaSolution.SolverCase.NO_SOLUTION, solution.solverCase());
                assertNull(solution.eta());
            }
            case "hard-case" -> {
                assertEquals(EtaSolution.SolverCase.HARD_CASE, solution.solverCase());
                assertEquals(2, solution.r(), 1e-12);
                assertEquals(1 / 3.0, solution.eta()[1], 1e-12);
                assertEquals(Math.sqrt(4 - 1 / 9.0), Math.abs(solution.eta()[0]), 1e-12);
            }
            default -> {
                assertEquals(EtaSolution.SolverCase.CUBIC, solution.solverCase());
                assertNotNull(c.eta);
                double largest = 0;
                for (double value : c.eta) {
                    largest = Math.max(largest, Math.abs(value));
                }
                for (int s = 0; s < c.eta.length; s++) {
                    assertEquals(c.eta[s], solution.eta()[s], 1e-8 * largest, "component " + s);
                    assertEquals(c.eta[s], solution.eta()[s], 1e-8 * Math.abs(c.eta[s]), "component " + s + " alone");
                }
                assertEquals(c.r, solution.r(), 1e-8 * c.r);
            }
        }
    }
}
