package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.StepResult;
import io.etastar.optimizer.TestSettings;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.LossSum;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import io.etastar.testing.MethodObjective;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rates of exact gen on the golden summaries: their g and H summed over subsets, or their diagonal. */
class GenGoldenTest {
    private static final double FALLBACK = 0.125;

    static List<String> names() throws IOException {
        return GoldenCase.names();
    }

    /** The golden direction as the gradient, so that plain SGD goes along it. */
    private record Along(GoldenCase golden) implements MethodObjective {
        @Override
        public ParameterLayout layout() {
            return golden.model.layout();
        }

        @Override
        public GradientSum gradient(double[] theta, long step) {
            return new GradientSum(new LossSum(1, 0, 0), RawArray.of(golden.direction.toDoubles()));
        }

        @Override
        public DerivativeSummary summary(double[] theta, double[] direction, Partition partition, long index) {
            try (Program program = Program.compile(golden.model, DType.DOUBLE, 4, partition)) {
                program.setParameters(RawArray.of(theta));
                program.setDirection(RawArray.of(direction));
                return program.summary(golden.data, golden.rows());
            }
        }
    }

    private static double[] rates(GoldenCase golden, String kind) {
        OptimizerSpec settings = TestSettings.spec(
                TestSettings.keys("gen", TestSettings.SGD, 1),
                "gen { kind = " + kind + ", highest = " + Double.MAX_VALUE + ", fallback = " + FALLBACK + " }");
        StepResult result =
                Optimizers.create(settings, golden.partition).step(new Along(golden), golden.parameters.toDoubles(), 0);
        return result.summary().learningRates();
    }

    /** Negative rates are held at the least, 0. */
    private static double expected(double g, double h) {
        return h > 0 ? Math.max(0, g / h) : FALLBACK;
    }

    @ParameterizedTest
    @MethodSource("names")
    void exactIsGdOverDhd(String name) throws IOException {
        GoldenCase golden = GoldenCase.read(name);
        JsonNode summary = golden.json.get("expected");
        double g = 0;
        double h = 0;
        for (int s = 0; s < golden.partition.size(); s++) {
            g += summary.get("g").get(s).asDouble();
            for (int t = 0; t < golden.partition.size(); t++) {
                h += summary.get("H").get(s).get(t).asDouble();
            }
        }
        double expected = expected(g, h);
        double[] rates = rates(golden, "exact");
        assertEquals(1, rates.length);
        assertEquals(expected, rates[0], 1e-9 * Math.max(1, expected));
    }

    @ParameterizedTest
    @MethodSource("names")
    void subsetsTakeTheDiagonal(String name) throws IOException {
        GoldenCase golden = GoldenCase.read(name);
        JsonNode summary = golden.json.get("expected");
        double[] rates = rates(golden, "subsets");
        for (int s = 0; s < rates.length; s++) {
            double expected = expected(
                    summary.get("g").get(s).asDouble(),
                    summary.get("H").get(s).get(s).asDouble());
            assertEquals(expected, rates[s], 1e-9 * Math.max(1, expected), "subset " + s);
        }
    }

    @Test
    void someCasesDescendAlongAConvexDirection() throws IOException {
        int solved = 0;
        for (String name : names()) {
            double rate = rates(GoldenCase.read(name), "exact")[0];
            solved += rate > 0 && rate != FALLBACK ? 1 : 0;
        }
        assertTrue(solved >= 3, solved + " cases");
    }
}
