package io.etastar.optimizer;

import static io.etastar.optimizer.TestSettings.ADAM;
import static io.etastar.optimizer.TestSettings.SGD;
import static io.etastar.optimizer.TestSettings.fixed;
import static io.etastar.optimizer.TestSettings.gen;
import static io.etastar.optimizer.TestSettings.kfac;
import static io.etastar.optimizer.TestSettings.newton;
import static io.etastar.optimizer.TestSettings.sgd;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.etastar.optimizer.registry.Optimizers;
import io.etastar.optimizer.settings.LbfgsSettings;
import io.etastar.optimizer.settings.LodoSettings;
import io.etastar.optimizer.settings.OptimizerSettings;
import io.etastar.optimizer.settings.Schedule;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every optimizer promises; a new one adds a line to {@link #all()}. */
class OptimizerContractTest {
    private static final int STEPS = 13;
    private static final ParameterLayout LAYOUT = TestSettings.layout(4, 2, 3, 1);
    private static final Partition PARTITION = Partitions.parse("canonical", LAYOUT);

    private static final Objective NOISY = PolynomialObjective.random(LAYOUT, 0.2, 0.1, 4);
    private static final Objective SAME_AT_ALL_STEPS = PolynomialObjective.random(LAYOUT, 0, 0, 4);

    static List<OptimizerSettings> all() {
        return List.of(
                lodo(LodoSettings.blocks(0.05, 1e-3, 0.9, 5)),
                lodo(new LodoSettings("blocks", 0.05, 1e-3, "sgd", 0, 3, 3, 5)),
                lodo(LodoSettings.blocks(0.05, 1e-3, 0.9, 5)).with(Schedule.linear(30)),
                lodo(new LodoSettings("residuals", 0.05, 1e-3, "adam", 0.9, 5, 4, 5)),
                lodo(new LodoSettings("diagonal", 0.05, 1e-3, "adam", 0.5, 1, 1, 5)),
                lodo(new LodoSettings("global", 0.05, 1e-3, "adam", 0.5, 1, 1, 5)),
                fixed("sgd", SGD, 0.05),
                fixed("sgd", sgd(0.9, 0.1, 1e-2), 0.05),
                fixed("adam", ADAM, 0.05),
                newton(SGD, 1, 0.5, 1, 0, true),
                newton(sgd(0.9, 0, 0), 3, 0.3, 1, 0.5, false),
                newton(ADAM, 4, 0.3, 1, 0.5, true),
                kfac(SGD, 0.05, 0, 1, 1),
                newton(SGD.named("k-fac"), 3, 0.3, 1, 0.5, true),
                gen("exact", 2, sgd(0.5, 0, 0).named("k-fac")),
                kfac(sgd(0.9, 0, 1e-2), 0.05, 1e-3, 2, 5),
                fixed("sgd", SGD, 0.05).with(Schedule.linear(20)),
                newton(SGD, 2, 0.5, 1, 0, true).with(Schedule.linear(20)),
                newton(ADAM, TestSettings.averaged("moving", 0.7, 0.5, 1, 2)),
                newton(sgd(0.9, 0, 0), TestSettings.averaged("uniform", 0, 0, 2, 1)),
                newton(sgd(0.9, 0, 0), TestSettings.averaged("uniform", 0, 0, 3, 0)),
                fixed("newton-stochastic-hv", SGD, 0.1),
                gen("exact", 1, sgd(0.9, 0, 0)),
                gen("subsets", 3, ADAM),
                gen("approximate", 2, sgd(0.9, 0, 0)),
                fixed("adamw", ADAM.withWeightDecay(0.1), 0.05),
                fixed("rmsprop", sgd(0.9, 0, 1e-2), 0.01),
                fixed("yogi", ADAM.withWeightDecay(0.1), 0.05),
                fixed("lars", sgd(0.9, 0, 1e-2).withTrust(0.02), 0.5),
                newton(SGD.named("lars"), 3, 0.3, 1, 0.5, true),
                newton(ADAM.named("yogi"), 3, 0.3, 1, 0.5, true),
                fixed("l-bfgs", SGD, Double.NaN).with(new LbfgsSettings(3, 1, 0, 1)),
                fixed("l-bfgs", SGD.withWeightDecay(0.1), Double.NaN),
                fixed("o-lbfgs", SGD, 0.3).with(new LbfgsSettings(3, 20, 0.1, 0.1)),
                fixed("o-lbfgs", SGD.withWeightDecay(0.1), 0.3).with(new LbfgsSettings(10, 20, 0, 0.1)));
    }

    private static OptimizerSettings lodo(LodoSettings settings) {
        return fixed("lodo", SGD, Double.NaN).with(settings);
    }

    private static double[] start() {
        return new Random(1).doubles(LAYOUT.size(), -1, 1).toArray();
    }

    /** l-bfgs asks for a loss that is the same at all steps. */
    private static Objective objective(OptimizerSettings settings) {
        return settings.name().equals("l-bfgs") ? SAME_AT_ALL_STEPS : NOISY;
    }

    private static void run(OptimizerSettings settings, Optimizer optimizer, double[] theta, int from, int to) {
        for (int step = from; step < to; step++) {
            optimizer.step(objective(settings), theta, step);
        }
    }

    /**
     * All but l-bfgs, whose rates are found by a line search, lodo, whose first step does not move (LodoTest), approximate gen, which applies the factor to what an estimate adds,
     * and runs that begin with a warm-up.
     */
    static List<OptimizerSettings> withRates() {
        return all().stream()
                .filter(settings -> !settings.name().equals("l-bfgs"))
                .filter(settings -> !settings.name().equals("lodo"))
                .filter(settings -> !settings.gen().kind().equals("approximate"))
                .filter(settings -> settings.newton().average().warmup() == 0)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("withRates")
    void decayingRatesAreTheRatesTimesOneLessTheShareOfStepsDone(OptimizerSettings settings) {
        for (int step : new int[] {0, 5, 9, 12}) {
            double[] plain = start();
            double[] decaying = start();
            Optimizers.create(settings.with(Schedule.NONE), PARTITION).step(objective(settings), plain, step);
            Optimizers.create(settings.with(Schedule.linear(12)), PARTITION).step(objective(settings), decaying, step);
            for (int p = 0; p < plain.length; p++) {
                double moved = (plain[p] - start()[p]) * (1 - step / 12.0);
                assertEquals(moved, decaying[p] - start()[p], 1e-12, "parameter " + p + " at step " + step);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void equalRunsAreEqualBitForBitAndMoveThetaInPlace(OptimizerSettings settings) {
        double[] one = start();
        double[] two = start();
        run(settings, Optimizers.create(settings, PARTITION), one, 0, STEPS);
        run(settings, Optimizers.create(settings, PARTITION), two, 0, STEPS);
        assertBits(one, two);
        assertFalse(Arrays.equals(start(), one));
    }

    @ParameterizedTest
    @MethodSource("all")
    void aRestoredStateHasTheSameFuture(OptimizerSettings settings) {
        for (int cut = 0; cut <= STEPS; cut++) {
            double[] whole = start();
            Optimizer first = Optimizers.create(settings, PARTITION);
            run(settings, first, whole, 0, cut);
            double[] resumed = whole.clone();
            Map<String, double[]> state = first.state();
            run(settings, first, whole, cut, 2 * STEPS);
            Optimizer second = Optimizers.create(settings, PARTITION);
            run(settings, second, start(), 0, 2); // leftovers that restore must replace
            second.restore(state);
            assertEquals(state.keySet(), second.state().keySet());
            state.values().forEach(values -> Arrays.fill(values, Double.NaN));
            run(settings, second, resumed, cut, 2 * STEPS);
            assertBits(whole, resumed);
            assertEquals(first.noSolution(), second.noSolution());
            assertEquals(first.state().keySet(), second.state().keySet());
            first.state()
                    .forEach((name, values) -> assertBits(values, second.state().get(name)));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void anotherSizesStateIsRefused(OptimizerSettings settings) {
        ParameterLayout small = TestSettings.layout(1, 1);
        Optimizer other = Optimizers.create(settings, Partitions.parse("canonical", small));
        other.step(PolynomialObjective.random(small, 0, 0, 1), new double[] {1, 2}, 0);
        Optimizer optimizer = Optimizers.create(settings, PARTITION);
        Map<String, double[]> state = other.state();
        if (!state.isEmpty()) {
            assertThrows(IllegalArgumentException.class, () -> optimizer.restore(state));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void reportsLossAndGradientNormBeforeTheStep(OptimizerSettings settings) {
        double[] theta = start();
        Objective objective = objective(settings);
        StepResult result = Optimizers.create(settings, PARTITION).step(objective, theta, 0);
        assertEquals(objective.gradient(start(), 0).loss(), result.loss());
        double[] gradient = objective.gradient(start(), 0).meanGradient();
        assertEquals(Math.sqrt(Arrays.stream(gradient).map(v -> v * v).sum()), result.gradientNorm(), 1e-14);
    }

    private static void assertBits(double[] expected, double[] actual) {
        assertArrayEquals(
                Arrays.stream(expected).mapToLong(Double::doubleToRawLongBits).toArray(),
                Arrays.stream(actual).mapToLong(Double::doubleToRawLongBits).toArray());
    }
}
