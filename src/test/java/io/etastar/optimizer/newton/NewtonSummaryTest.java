package io.etastar.optimizer.newton;

import static io.etastar.optimizer.TestSettings.ADAM;
import static io.etastar.optimizer.TestSettings.SGD;
import static io.etastar.optimizer.TestSettings.newton;
import static io.etastar.optimizer.TestSettings.sgd;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.etastar.optimizer.Objective;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.PolynomialObjective;
import io.etastar.optimizer.StepResult;
import io.etastar.optimizer.SummaryResult;
import io.etastar.optimizer.TestSettings;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.testing.MethodObjective;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class NewtonSummaryTest {
    private static final ParameterLayout LAYOUT = TestSettings.layout(4, 2, 3, 1);

    @Property(seed = "1", tries = 100)
    void rescalingSubsetsLeavesTheTrajectoryUnchanged(@ForAll long seed) {
        Random random = new Random(seed);
        String spec = List.of("canonical", "wb", "trivial").get(random.nextInt(3));
        Partition partition = Partitions.parse(spec, LAYOUT);
        double[] c = factors(partition, random);
        PolynomialObjective plain = PolynomialObjective.random(LAYOUT, 0.3, 0.05, seed);
        PolynomialObjective scaled = plain.rescaled(c);
        double[] theta = random.doubles(LAYOUT.size(), -1, 1).toArray();
        double[] phi = theta.clone();
        for (int p = 0; p < phi.length; p++) {
            phi[p] /= c[p];
        }
        OptimizerSpec settings = newton(sgd(0.5, 0, 0), 2, 0.4, 1, 0.3, true);
        Optimizer one = Optimizers.create(settings, partition);
        Optimizer two = Optimizers.create(settings, partition);
        for (int step = 0; step < 8; step++) {
            StepResult a = one.step(plain, theta, step);
            StepResult b = two.step(scaled, phi, step);
            assertEquals(a.loss().meanLoss(), b.loss().meanLoss(), 1e-8);
            for (int p = 0; p < phi.length; p++) {
                assertEquals(theta[p], phi[p] * c[p], 1e-8);
            }
        }
    }

    private static double[] factors(Partition partition, Random random) {
        double[] perSubset = random.doubles(partition.size())
                .map(v -> Math.pow(10, 6 * v - 3))
                .toArray();
        double[] factors = new double[LAYOUT.size()];
        for (int tensor = 0; tensor < LAYOUT.count(); tensor++) {
            for (int k = 0; k < LAYOUT.length(tensor); k++) {
                factors[LAYOUT.offset(tensor) + k] = perSubset[partition.subsetOf(tensor)];
            }
        }
        return factors;
    }

    @Test
    void oneSubsetOnAQuadraticTakesCauchysStep() {
        PolynomialObjective quadratic = PolynomialObjective.random(LAYOUT, 0, 0, 3);
        double[] theta = new Random(2).doubles(LAYOUT.size(), -1, 1).toArray();
        double[] before = theta.clone();
        double[] g = quadratic.meanGradient(theta, 0);
        double gg = 0;
        double ghg = 0;
        for (int p = 0; p < g.length; p++) {
            gg += g[p] * g[p];
            for (int k = 0; k < g.length; k++) {
                ghg += g[p] * quadratic.q[p][k] * g[k];
            }
        }
        StepResult result = Optimizers.create(newton(SGD, 1, 1, 1, 0, true), Partitions.parse("trivial", LAYOUT))
                .step(quadratic, theta, 0);
        assertEquals(gg / ghg, result.summary().solution().eta()[0], 1e-13);
        assertEquals("newton", result.summary().solution().solverCase());
        for (int p = 0; p < g.length; p++) {
            assertEquals(before[p] - gg / ghg * g[p], theta[p], 1e-13);
        }
    }

    @Test
    void oneParameterPerSubsetOnAConvexQuadraticTakesNewtonsStep() {
        ParameterLayout scalars = TestSettings.layout(1, 1, 1, 1, 1);
        PolynomialObjective quadratic = PolynomialObjective.random(scalars, 0, 0, 5);
        for (String base : List.of(SGD, ADAM)) {
            double[] theta = {1, -2, 3, 0.5, 4};
            Optimizers.create(newton(base, 1, 1, 1, 0, false), Partitions.parse("canonical", scalars))
                    .step(quadratic, theta, 0);
            assertArrayEquals(quadratic.center, theta, 1e-12);
        }
    }

    /** Summaries that can be spoilt, and a log of what was asked for. */
    private static final class Spoilt implements MethodObjective {
        final List<Long> steps = new ArrayList<>();
        final List<Long> summaries = new ArrayList<>();
        private final PolynomialObjective inner = PolynomialObjective.random(LAYOUT, 0.2, 0, 4);
        double curvature = 1;

        @Override
        public ParameterLayout layout() {
            return LAYOUT;
        }

        @Override
        public GradientSum gradient(double[] theta, long step) {
            steps.add(step);
            return inner.gradient(theta, step);
        }

        @Override
        public DerivativeSummary summary(double[] theta, double[] direction, Partition partition, long index) {
            summaries.add(index);
            DerivativeSummary good = inner.summary(theta, direction, partition, index);
            double[][] h = good.h();
            h[0][0] *= curvature;
            double[] order3 = good.order3();
            order3[0] *= curvature == 1 ? 1 : 0;
            return new DerivativeSummary(good.samples(), good.loss(), good.g(), h, order3);
        }
    }

    @Test
    void aSummaryWithoutSolutionCountsAsZero() {
        for (double curvature : new double[] {-1, Double.NaN}) {
            Spoilt objective = new Spoilt();
            Optimizer optimizer =
                    Optimizers.create(newton(SGD, 1, 0.5, 1, 0.5, true), Partitions.parse("canonical", LAYOUT));
            double[] theta = new Random(2).doubles(LAYOUT.size(), -1, 1).toArray();
            double[] before = theta.clone();
            objective.curvature = curvature;
            SummaryResult spoilt = optimizer.step(objective, theta, 0).summary();
            assertNull(spoilt.solution().eta());
            assertEquals(
                    curvature == -1 ? "no-solution" : "non-finite",
                    spoilt.solution().solverCase());
            assertArrayEquals(before, theta);
            objective.curvature = 1;
            SummaryResult good = optimizer.step(objective, theta, 1).summary();
            for (int s = 0; s < 4; s++) {
                assertEquals(0.5 * Math.max(0, 0.5 * good.solution().eta()[s]), good.learningRates()[s], 1e-15);
            }
            assertEquals(1, optimizer.noSolution());
        }
    }

    @Test
    void directionsThatAreNotNumbersDoNotMoveASubsetOfRateZero() {
        Objective broken = new MethodObjective() {
            private final Spoilt inner = new Spoilt();

            @Override
            public ParameterLayout layout() {
                return LAYOUT;
            }

            @Override
            public GradientSum gradient(double[] theta, long step) {
                GradientSum sum = inner.gradient(theta, step);
                sum.gradient().set(0, Double.NaN);
                return sum;
            }

            @Override
            public DerivativeSummary summary(double[] theta, double[] u, Partition partition, long index) {
                return inner.summary(theta, u, partition, index);
            }
        };
        double[] theta = new Random(2).doubles(LAYOUT.size(), -1, 1).toArray();
        double[] before = theta.clone();
        StepResult result = Optimizers.create(newton(SGD, 1, 0.5, 1, 0.5, true), Partitions.parse("canonical", LAYOUT))
                .step(broken, theta, 0);
        assertEquals("non-finite", result.summary().solution().solverCase());
        assertArrayEquals(before, theta);
    }

    @Test
    void stepsAndSummariesAreCountedFromZero() {
        Spoilt objective = new Spoilt();
        Optimizer optimizer = Optimizers.create(newton(SGD, 3, 0.5, 1, 0.5, true), Partitions.parse("wb", LAYOUT));
        double[] theta = new double[LAYOUT.size()];
        for (int step = 0; step < 7; step++) {
            StepResult result = optimizer.step(objective, theta, step);
            if (step % 3 == 0) {
                assertNotNull(result.summary());
                assertEquals(step / 3, result.summary().index());
                assertEquals(1, result.summary().mean().samples());
            } else {
                assertNull(result.summary());
            }
        }
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L), objective.steps);
        assertEquals(List.of(0L, 1L, 2L), objective.summaries);
    }
}
