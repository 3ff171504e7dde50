package io.etastar.optimizer.gen;

import static io.etastar.optimizer.TestSettings.ADAM;
import static io.etastar.optimizer.TestSettings.SGD;
import static io.etastar.optimizer.TestSettings.sgd;
import static io.etastar.optimizer.TestSettings.spec;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.optimizer.Objective;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.PolynomialObjective;
import io.etastar.optimizer.StepResult;
import io.etastar.optimizer.TestSettings;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.LossSum;
import io.etastar.testing.MethodObjective;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GenTest {
    private static final ParameterLayout LAYOUT = TestSettings.layout(4, 2, 3, 1);
    private static final Partition PARTITION = Partitions.parse("wb", LAYOUT);

    private final PolynomialObjective quadratic = PolynomialObjective.random(LAYOUT, 0, 0, 3);

    private static double[] start() {
        return new Random(1).doubles(LAYOUT.size(), -1, 1).toArray();
    }

    private static OptimizerSpec settings(String kind, int points, double lr, double smoothing, double highest) {
        return spec(
                TestSettings.keys("gen", sgd(0.9, 0, 0), lr),
                "gen { kind = " + kind + ", smoothing = " + smoothing + ", points = \"" + points
                        + "\", lowest = 0.01, highest = " + highest + ", fallback = 0.125 }");
    }

    @Test
    void exactTakesGdOverDhd() {
        double[] theta = start();
        double[] d = quadratic.meanGradient(theta, 0);
        DerivativeSummary mean = quadratic
                .summary(theta, d, Partitions.parse("trivial", LAYOUT), 0)
                .mean();
        StepResult result =
                Optimizers.create(settings("exact", 3, 1, 0, 100), PARTITION).step(quadratic, theta, 0);
        double eta = mean.g()[0] / mean.h()[0][0];
        assertEquals(eta, result.summary().learningRates()[0], 1e-15);
        double[] expected = start();
        for (int p = 0; p < d.length; p++) {
            expected[p] -= eta * d[p];
        }
        assertArrayEquals(expected, theta, 1e-14);
    }

    @Test
    void subsetsTakeTheDiagonal() {
        double[] theta = start();
        StepResult result =
                Optimizers.create(settings("subsets", 3, 1, 0, 100), PARTITION).step(quadratic, theta, 0);
        DerivativeSummary mean = result.summary().mean();
        assertEquals(PARTITION.size(), mean.size());
        for (int s = 0; s < mean.size(); s++) {
            assertEquals(mean.g()[s] / mean.h()[s][s], result.summary().learningRates()[s], 1e-15);
        }
    }

    @Test
    void ratesStayWithinTheirBoundsAndConcaveDirectionsTakeTheFallback() {
        assertEquals(0.02, rate(quadratic, 0.02), 0);
        double[][] negative = quadratic.q.clone();
        for (int p = 0; p < negative.length; p++) {
            negative[p] = quadratic.q[p].clone();
            for (int k = 0; k < negative.length; k++) {
                negative[p][k] *= -1;
            }
        }
        PolynomialObjective concave =
                new PolynomialObjective(LAYOUT, negative, quadratic.a, quadratic.center, quadratic.scale, 0);
        assertEquals(0.125, rate(concave, 1), 0);
    }

    private static double rate(Objective objective, double highest) {
        return Optimizers.create(settings("exact", 3, 1, 0, highest), PARTITION)
                .step(objective, start(), 0)
                .summary()
                .learningRates()[0];
    }

    @Test
    void theBaseRuleAdvancesOnceAStep() {
        Optimizer optimizer = Optimizers.create(
                spec(TestSettings.keys("gen", ADAM, 0.1), "gen { kind = approximate, smoothing = 0.9, fallback = 0 }"),
                PARTITION);
        double[] theta = start();
        for (int step = 0; step < 5; step++) {
            optimizer.step(quadratic, theta, step);
        }
        assertEquals(5, optimizer.state().get("base.steps")[0]);
    }

    @Test
    void aParabolaIsFittedExactlyToAParabola() {
        for (double[] x : new double[][] {{-0.3, 0, 0.3}, {-2, -1, 0, 1, 2}}) {
            double[] losses = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                losses[i] = 5 + 0.5 * 3 * x[i] * x[i] - 0.7 * x[i];
            }
            Parabola parabola = Parabola.through(x, losses);
            assertEquals(3, parabola.a(), 1e-12);
            assertEquals(0.7, parabola.b(), 1e-12);
            assertEquals(1, parabola.fit(), 1e-12);
        }
    }

    @Test
    void theFitIsLessThanOneWhereLossesAreNoParabola() {
        Parabola parabola = Parabola.through(new double[] {-2, -1, 0, 1, 2}, new double[] {4, 1, 0, 1, -4});
        // dL = x^2 but for the last, -4: a = 2 (16 + 1 + 1 - 16) / 34, b = -(-8 - 1 + 1 - 8) / 10.
        assertEquals(2 * 2 / 34.0, parabola.a(), 1e-12);
        assertEquals(1.6, parabola.b(), 1e-12);
        double errors = 0;
        double[] x = {-2, -1, 0, 1, 2};
        double[] l = {4, 1, 0, 1, -4};
        for (int i = 0; i < 5; i++) {
            errors += Math.pow(l[i] - (x[i] * x[i] / 17 - 1.6 * x[i]), 2);
        }
        double spread = 4 * 4 + 1 + 0 + 1 + 16 - 5 * 0.4 * 0.4;
        assertEquals(1 - errors / spread, parabola.fit(), 1e-12);
    }

    @Test
    void approximateMovesTowardsTheVertexWithinTwiceTheOldRate() {
        // The quadratic's parabola is exact: b / a is the exact rate.
        double[] theta = start();
        double[] d = quadratic.meanGradient(theta, 0);
        DerivativeSummary mean = quadratic
                .summary(theta, d, Partitions.parse("trivial", LAYOUT), 0)
                .mean();
        double eta = mean.g()[0] / mean.h()[0][0];
        for (int points : new int[] {3, 5}) {
            assertEquals(0.9 * 0.8 * eta + 0.1 * eta, lrAfterOneStep(points, 0.8 * eta), 1e-12);
            assertEquals(0.9 * eta / 8 + 0.1 * eta / 4, lrAfterOneStep(points, eta / 8), 1e-12);
            assertEquals(0.9 * 8 * eta + 0.1 * 4 * eta, lrAfterOneStep(points, 8 * eta), 1e-12);
        }
    }

    private double lrAfterOneStep(int points, double lr) {
        Optimizer optimizer = Optimizers.create(settings("approximate", points, lr, 0.9, 1e6), PARTITION);
        optimizer.step(quadratic, start(), 0);
        return optimizer.state().get("rate")[0];
    }

    @Test
    void anAscendingOrConcaveDirectionLeavesTheRate() {
        PolynomialObjective ascending = PolynomialObjective.random(LAYOUT, 0, 0, 3);
        Optimizer optimizer = Optimizers.create(settings("approximate", 3, 0.3, 0.9, 10), PARTITION);
        double[] theta = ascending.center.clone();
        theta[0] += 1e-3;
        optimizer.step(ascending, theta, 0); // the momentum points on past the minimum
        double[] far = ascending.center.clone();
        far[0] -= 5;
        double before = optimizer.state().get("rate")[0];
        Objective uphill = new NegatedGradient(ascending);
        optimizer.step(uphill, far, 1);
        assertEquals(before, optimizer.state().get("rate")[0]);
        assertEquals(1, optimizer.noSolution());
    }

    /** Gradients with the wrong sign. */
    private record NegatedGradient(PolynomialObjective inner) implements MethodObjective {
        @Override
        public ParameterLayout layout() {
            return inner.layout();
        }

        @Override
        public GradientSum gradient(double[] theta, long step) {
            GradientSum sum = inner.gradient(theta, step);
            for (int p = 0; p < theta.length; p++) {
                sum.gradient().set(p, -1e6 * sum.gradient().get(p));
            }
            return sum;
        }

        @Override
        public DerivativeSummary summary(double[] theta, double[] direction, Partition partition, long index) {
            return inner.summary(theta, direction, partition, index);
        }

        @Override
        public LossSum[] losses(double[] theta, double[] direction, double[] rates, long index) {
            return inner.losses(theta, direction, rates, index);
        }
    }

    @Test
    void newtonStochasticHvSettlesAtNewtonsDirection() {
        OptimizerSpec settings = TestSettings.fixed("newton-stochastic-hv", SGD, 1e-12);
        Optimizer optimizer = Optimizers.create(settings, PARTITION);
        double[] theta = start();
        for (int step = 0; step < 20000; step++) {
            optimizer.step(quadratic, theta, step);
        }
        double[] d = optimizer.state().get("direction");
        for (int p = 0; p < d.length; p++) {
            assertEquals(start()[p] - quadratic.center[p], d[p], 1e-6);
        }
    }
}
