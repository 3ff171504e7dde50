package io.etastar.optimizer;

import static io.etastar.optimizer.TestSettings.ADAM;
import static io.etastar.optimizer.TestSettings.SGD;
import static io.etastar.optimizer.TestSettings.fixed;
import static io.etastar.optimizer.TestSettings.gen;
import static io.etastar.optimizer.TestSettings.kfac;
import static io.etastar.optimizer.TestSettings.newton;
import static io.etastar.optimizer.TestSettings.sgd;
import static io.etastar.optimizer.TestSettings.spec;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.settings.OptimizerSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every optimizer promises; a new one adds a line to {@link #all()}. */
class OptimizerContractTest {
    private static final int STEPS = 13;
    private static final String BOUNDED = "distance { initial = 1e-2, growth = 1.5, bias_correction = true, ";
    private static final ParameterLayout LAYOUT = TestSettings.layout(4, 2, 3, 1);
    private static final Partition PARTITION = Partitions.parse("canonical", LAYOUT);

    private static final Objective NOISY = PolynomialObjective.random(LAYOUT, 0.2, 0.1, 4);
    private static final Objective SAME_AT_ALL_STEPS = PolynomialObjective.random(LAYOUT, 0, 0, 4);

    static List<OptimizerSpec> all() {
        return Stream.concat(established().stream(), recent().stream()).toList();
    }

    private static List<OptimizerSpec> established() {
        return List.of(
                lodo(""),
                lodo("meta = sgd, beta = 0, layers = 3, block = 3"),
                lodo("").with(Schedule.linear(30)),
                lodo("kind = residuals, layers = 5"),
                lodo("kind = diagonal, beta = 0.5"),
                lodo("kind = global, beta = 0.5"),
                fixed("sgd", SGD, 0.05),
                fixed("sgd", sgd(0.9, 0.1, 1e-2), 0.05),
                fixed("adam", ADAM, 0.05),
                newton(SGD, 1, 0.5, 1, 0, true),
                newton(sgd(0.9, 0, 0), 3, 0.3, 1, 0.5, false),
                newton(ADAM, 4, 0.3, 1, 0.5, true),
                newton(ADAM, "preset = solved, period = 5"),
                newton(sgd(0.9, 0, 0), "preset = solved, period = 1, damping = 0.7"),
                kfac(SGD, 0.05, 0, 1, 1),
                newton(SGD + ", base.name = k-fac", 3, 0.3, 1, 0.5, true),
                gen("exact", 2, sgd(0.5, 0, 0) + ", base.name = k-fac"),
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
                fixed("adamw", ADAM + ", base.weight_decay = 0.1", 0.05),
                fixed("rmsprop", sgd(0.9, 0, 1e-2), 0.01),
                fixed("yogi", ADAM + ", base.weight_decay = 0.1", 0.05),
                fixed("lars", sgd(0.9, 0, 1e-2) + ", base.trust = 0.02", 0.5),
                newton(SGD + ", base.name = lars", 3, 0.3, 1, 0.5, true),
                newton(ADAM + ", base.name = yogi", 3, 0.3, 1, 0.5, true),
                spec("name = l-bfgs", SGD, "lbfgs.memory = 3"),
                fixed("l-bfgs", SGD + ", base.weight_decay = 0.1", Double.NaN),
                online("memory = 3, tau = 20, regularisation = 0.1, first = 0.1", SGD),
                online("tau = 20, first = 0.1", SGD + ", base.weight_decay = 0.1"));
    }

    private static List<OptimizerSpec> recent() {
        return List.of(
                fixed("nadamw", ADAM + ", base.weight_decay = 0.1", 0.05),
                newton(ADAM + ", base.name = nadamw", 3, 0.3, 1, 0.5, true),
                spec("name = schedule-free-adamw"),
                fixed("schedule-free-adamw", "base { weight_decay = 0.1, beta1 = 0 }", 0.05),
                spec(
                        "name = schedule-free-adamw, lr = 0.05",
                        "schedule_free { warmup_steps = 5, power = 1, lr_power = 1 }"),
                spec("name = prodigy"),
                spec(
                        "name = prodigy, lr = 0.5",
                        "base.weight_decay = 0.1",
                        BOUNDED + "beta3 = 0.9, factor = 2, safeguard_warmup = true }"),
                spec("name = d-adapted-adam"),
                spec("name = d-adapted-adam, lr = 0.5", "base.weight_decay = 0.1", BOUNDED + "}"),
                fixed("sgd", SGD + ", model_average.kind = uniform", 0.05),
                fixed("adam", ADAM + ", model_average { kind = moving, decay = 0.3 }", 0.05),
                kfac(SGD + ", model_average.kind = moving", 0.05, 0, 1, 1),
                spec("name = muon"),
                spec(
                        "name = muon, lr = 0.05",
                        "base { weight_decay = 0.1, muon { nesterov = false, iterations = 2 } }"),
                newton(ADAM + ", base.name = muon", 3, 0.3, 1, 0.5, true),
                newton(ADAM + ", base.name = muon", "preset = solved, period = 5"));
    }

    private static OptimizerSpec lodo(String keys) {
        return spec("name = lodo", SGD, "lodo { initial = 0.05, " + keys + " }");
    }

    private static OptimizerSpec online(String keys, String base) {
        return spec(TestSettings.keys("o-lbfgs", base, 0.3), "lbfgs { " + keys + " }");
    }

    private static double[] start() {
        return new Random(1).doubles(LAYOUT.size(), -1, 1).toArray();
    }

    /** l-bfgs asks for a loss that is the same at all steps. */
    private static Objective objective(OptimizerSpec settings) {
        return settings.settings().name() == OptimizerSettings.Name.L_BFGS ? SAME_AT_ALL_STEPS : NOISY;
    }

    private static void run(OptimizerSpec settings, Optimizer optimizer, double[] theta, int from, int to) {
        for (int step = from; step < to; step++) {
            optimizer.step(objective(settings), theta, step);
        }
    }

    /**
     * All but l-bfgs, whose rates are found by a line search, lodo, whose first step does not move (LodoTest), approximate gen, which applies the factor to what an estimate adds,
     * and runs that begin with a warm-up.
     */
    static List<OptimizerSpec> withRates() {
        return all().stream()
                .filter(settings -> settings.settings().name() != OptimizerSettings.Name.L_BFGS)
                .filter(settings -> settings.settings().name() != OptimizerSettings.Name.LODO)
                .filter(settings -> !settings.settings().gen().kind().equals("approximate"))
                .filter(settings -> settings.settings().newton().average().warmup() == 0)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("withRates")
    void decayingRatesAreTheRatesTimesOneLessTheShareOfStepsDone(OptimizerSpec settings) {
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
    void equalRunsAreEqualBitForBitAndMoveThetaInPlace(OptimizerSpec settings) {
        double[] one = start();
        double[] two = start();
        run(settings, Optimizers.create(settings, PARTITION), one, 0, STEPS);
        run(settings, Optimizers.create(settings, PARTITION), two, 0, STEPS);
        assertBits(one, two);
        assertFalse(Arrays.equals(start(), one));
    }

    @ParameterizedTest
    @MethodSource("all")
    void aRestoredStateHasTheSameFuture(OptimizerSpec settings) {
        for (int cut = 0; cut <= STEPS; cut++) {
            double[] whole = start();
            Optimizer first = Optimizers.create(settings, PARTITION);
            run(settings, first, whole, 0, cut);
            double[] resumed = whole.clone();
            Map<String, double[]> state = first.state();
            assertEquals(
                    state.values().stream().mapToInt(values -> values.length).sum(), first.stateSize());
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
    void anotherSizesStateIsRefused(OptimizerSpec settings) {
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
    void reportsLossAndGradientNormBeforeTheStep(OptimizerSpec settings) {
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
