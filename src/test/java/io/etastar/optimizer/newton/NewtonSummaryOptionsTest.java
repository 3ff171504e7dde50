package io.etastar.optimizer.newton;

import static io.etastar.optimizer.TestSettings.SGD;
import static io.etastar.optimizer.TestSettings.newton;
import static io.etastar.optimizer.TestSettings.newtonKeys;
import static io.etastar.optimizer.TestSettings.solving;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.PolynomialObjective;
import io.etastar.optimizer.StepResult;
import io.etastar.optimizer.Subsets;
import io.etastar.optimizer.SummaryResult;
import io.etastar.optimizer.TestSettings;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.settings.NewtonSettings.PlateauSettings;
import io.etastar.solve.EtaSolution;
import io.etastar.solve.EtaSolver;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be set on newton-summary, each against its formula. */
class NewtonSummaryOptionsTest {
    private static final ParameterLayout LAYOUT = TestSettings.layout(4, 2, 3, 1);
    private static final Partition PARTITION = Partitions.parse("canonical", LAYOUT);

    private final PolynomialObjective objective = PolynomialObjective.random(LAYOUT, 0.2, 0.1, 4);

    private static double[] start() {
        return new Random(1).doubles(LAYOUT.size(), -1, 1).toArray();
    }

    private SummaryResult first(String settings) {
        return Optimizers.create(newton(SGD, settings), PARTITION)
                .step(objective, start(), 0)
                .summary();
    }

    @Test
    void ridgeSolvesHPlusRidge() {
        SummaryResult result = first(solving("ridge", 0.7, false));
        assertResidual(result, 0.7, false);
        assertEquals("linear", result.solution().solverCase());
    }

    @Test
    void anisotropicRidgeSolvesHPlusThirdDerivatives() {
        SummaryResult result = first(solving("anisotropic-ridge", 0.7, false));
        double[] eta = result.solution().eta();
        for (int s = 0; s < eta.length; s++) {
            double third = Math.cbrt(Math.abs(result.mean().order3()[s]));
            double sum = 0.7 * third * third * eta[s];
            for (int t = 0; t < eta.length; t++) {
                sum += result.mean().h()[s][t] * eta[t];
            }
            assertEquals(result.mean().g()[s], sum, 1e-12);
        }
    }

    @Test
    void newtonSolvesH() {
        assertResidual(first(solving("newton", 0.7, false)), 0, false);
    }

    @Test
    void diagonalLeavesInteractionsOut() {
        assertResidual(first(solving("newton", 0, true)), 0, true);
    }

    private static void assertResidual(SummaryResult result, double ridge, boolean diagonal) {
        double[][] h = result.mean().h();
        for (int s = 0; s < h.length; s++) {
            double sum = ridge * result.solution().eta()[s];
            for (int t = 0; t < h.length; t++) {
                sum += diagonal && s != t ? 0 : h[s][t] * result.solution().eta()[t];
            }
            assertEquals(result.mean().g()[s], sum, 1e-12);
        }
    }

    @Test
    void normalisedDirectionsHaveNormOneInEachSubset() {
        double[] normalised = Subsets.normalised(PARTITION, new double[] {3, 0, 0, 4, 0, 0, -2, 0, 0, 5});
        assertArrayEquals(new double[] {0.6, 0, 0, 0.8, 0, 0, -1, 0, 0, 1}, normalised);
    }

    @Test
    void normalisedDirectionsTakeTheSameFirstStep() {
        // The solution scales inversely with the direction.
        double[] plain = start();
        double[] normalised = start();
        Optimizers.create(newton(SGD, 1, 0.5, 1, 0, true), PARTITION).step(objective, plain, 0);
        String settings = newtonKeys(1, 0.5, 1, 0, true) + ", normalise = true";
        Optimizers.create(newton(SGD, settings), PARTITION).step(objective, normalised, 0);
        assertArrayEquals(plain, normalised, 1e-12);
    }

    private static EtaSolution solution(double... eta) {
        return new EtaSolution(eta, 1, EtaSolution.SolverCase.CUBIC);
    }

    private static SmoothedRates rates(boolean maintain, String onFailure) {
        return new SmoothedRates(
                newton(SGD, newtonKeys(1, 1, 1, 0.5, true) + ", maintain = " + maintain + ", on_failure = " + onFailure)
                        .settings()
                        .newton());
    }

    @Test
    void maintainedRatesAreSmoothedBeforeTheyAreClipped() {
        for (boolean maintain : new boolean[] {true, false}) {
            SmoothedRates rates = rates(maintain, "zero");
            rates.accept(solution(2, 4), 2, true);
            rates.accept(solution(-1, 2), 2, false);
            assertArrayEquals(new double[] {maintain ? 0.5 : 1, 3}, rates.inUse(2, 1));
            rates.accept(solution(-1, 2), 2, false);
            assertArrayEquals(new double[] {maintain ? 0 : 0.5, 2.5}, rates.inUse(2, 1));
        }
    }

    @Test
    void ridgeAndNewtonSolveIndefiniteSystemsToo() {
        double[] g = {3, 1, 0};
        double[][] h = {{1, 2, 0}, {2, 1, 0}, {0, 0, 0}};
        EtaSolution newton = EtaSolver.solveLinear(g, h, new double[] {1, 1, 0}, 0);
        assertArrayEquals(new double[] {-1.0 / 3, 5.0 / 3, 0}, newton.eta(), 1e-15);
        EtaSolution ridge = EtaSolver.solveLinear(g, h, new double[] {1, 1, 0}, 0.5);
        assertArrayEquals(new double[] {-2.5 / 1.75, 4.5 / 1.75, 0}, ridge.eta(), 1e-14);
        double[][] singular = {{1, 1}, {1, 1}};
        EtaSolution none = EtaSolver.solveLinear(new double[] {1, 2}, singular, new double[2], 0);
        assertEquals(EtaSolution.SolverCase.NO_SOLUTION, none.solverCase());
    }

    @Test
    void aFailureKeepsThePreviousRatesOrCountsAsZero() {
        EtaSolution none = new EtaSolution(null, Double.NaN, EtaSolution.SolverCase.NO_SOLUTION);
        SmoothedRates previous = rates(true, "previous");
        previous.accept(solution(2, 4), 2, true);
        previous.accept(none, 2, false);
        assertArrayEquals(new double[] {2, 4}, previous.inUse(2, 1));
        SmoothedRates zero = rates(true, "zero");
        zero.accept(solution(2, 4), 2, true);
        zero.accept(none, 2, false);
        assertArrayEquals(new double[] {1, 2}, zero.inUse(2, 1));
    }

    private static DerivativeSummary derivatives(double value) {
        return new DerivativeSummary(
                1, 0, new double[] {value}, new double[][] {{10 * value}}, new double[] {value * value * value});
    }

    @Test
    void movingAverages() {
        SummaryAverage.Moving average = new SummaryAverage.Moving(0.75, 0.5, 1);
        assertEquals(2, average.accept(derivatives(2)).g()[0]);
        DerivativeSummary second = average.accept(derivatives(4));
        assertEquals(2.5, second.g()[0]);
        assertEquals(25, second.h()[0][0]);
        double d = 0.5 * 2 + 0.5 * Math.cbrt(0.75 * 8 + 0.25 * 64);
        assertEquals(d * d * d, second.order3()[0], 1e-12);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void uniformAveragesAreMeansOfTheLastBlockAndTheCurrentOne(int period) {
        SummaryAverage.Uniform average = new SummaryAverage.Uniform(period, 1);
        for (int k = 0; k < 14; k++) {
            double actual = average.accept(derivatives(k * k)).g()[0];
            int from = Math.max(0, (k / period - 1) * period);
            double sum = 0;
            for (int i = from; i <= k; i++) {
                sum += (double) i * i;
            }
            assertEquals(sum / (k - from + 1), actual, 1e-12, "after summary " + k);
        }
    }

    @Test
    void warmUpAveragesWithoutMoving() {
        String settings = TestSettings.averaged("uniform", 0, 0, 3, 2);
        Optimizer optimizer = Optimizers.create(newton(SGD, settings), PARTITION);
        double[] theta = start();
        for (int step = 0; step < 4; step++) {
            StepResult result = optimizer.step(objective, theta, step);
            assertArrayEquals(start(), theta);
            if (step % 2 == 0) {
                assertEquals("warm-up", result.summary().solution().solverCase());
                assertNull(result.summary().solution().eta());
            }
        }
        assertEquals(
                "cubic",
                optimizer.step(objective, theta, 4).summary().solution().solverCase());
        assertEquals(0, optimizer.noSolution());
    }

    @Test
    void plateausReduceAfterMoreThanPatienceBadEpochs() {
        Plateau plateau = new Plateau(new PlateauSettings("damping", 0.5, 1, 0.1));
        double[] losses = {10, 9.5, 8.9, 8.8, 8.7, 8.6, 8.5, 7};
        double[] factors = {1, 1, 1, 1, 0.5, 0.5, 0.25, 0.25};
        for (int epoch = 0; epoch < losses.length; epoch++) {
            plateau.endEpoch(losses[epoch]);
            assertEquals(factors[epoch], plateau.damping(), "after epoch " + epoch);
            assertEquals(1, plateau.dampingInt());
        }
        Plateau integral = new Plateau(new PlateauSettings("damping_int", 3, 0, 0));
        integral.endEpoch(1);
        integral.endEpoch(1);
        assertEquals(3, integral.dampingInt());
        Plateau restored = new Plateau(new PlateauSettings("damping_int", 3, 0, 0));
        restored.restore(integral.state());
        restored.endEpoch(1);
        assertEquals(9, restored.dampingInt());
    }

    @Test
    void reducedDampingScalesTheRatesInUse() {
        String settings = newtonKeys(4, 0.5, 1, 0, true) + ", plateau { of = damping, factor = 0.25, threshold = 0 }";
        Optimizer optimizer = Optimizers.create(newton(SGD, settings), PARTITION);
        double[] theta = start();
        double[] full = optimizer.step(objective, theta, 0).summary().learningRates();
        optimizer.endEpoch(1);
        optimizer.endEpoch(1);
        double[] before = theta.clone();
        double[] gradient = objective.gradient(before, 1).meanGradient();
        optimizer.step(objective, theta, 1);
        double[] rates = new double[full.length];
        for (int s = 0; s < full.length; s++) {
            rates[s] = 0.25 * full[s];
        }
        Subsets.move(PARTITION, before, gradient, rates);
        assertArrayEquals(before, theta, 1e-15);
    }
}
