package io.etastar.optimizer.registry;

import static io.etastar.optimizer.TestSettings.ADAM;
import static io.etastar.optimizer.TestSettings.SGD;
import static io.etastar.optimizer.TestSettings.keys;
import static io.etastar.optimizer.TestSettings.newtonKeys;
import static io.etastar.optimizer.TestSettings.sgd;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.optimizer.BaseRule;
import io.etastar.optimizer.BaseRules;
import io.etastar.optimizer.TestSettings;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizersTest {
    private static final Partition PARTITION = Partitions.parse("canonical", TestSettings.layout(2, 1));

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of("optimizer.lodo.kind", lodo("kind = sparse")),
                Arguments.of("optimizer.lodo.initial", lodo("initial = 0")),
                Arguments.of("optimizer.lodo.meta_lr", lodo("kind = diagonal, meta_lr = -1")),
                Arguments.of("optimizer.lodo.meta", lodo("kind = global, meta = yogi")),
                Arguments.of("optimizer.lodo.beta", lodo("beta = 1")),
                Arguments.of("optimizer.lodo.layers", lodo("kind = residuals, layers = 0")),
                Arguments.of("optimizer.lodo.layers", lodo("kind = residuals, layers = " + (1 << 30))),
                Arguments.of("optimizer.lodo.block", lodo("block = 0")),
                Arguments.of("optimizer.name", "name = newton"),
                Arguments.of("optimizer.lr", keys("sgd", SGD, 0)),
                Arguments.of("optimizer.lr", keys("adam", ADAM, Double.NaN)),
                Arguments.of("optimizer.period", newtonKeys(0, 1, 1, 0, true)),
                Arguments.of("optimizer.damping", newtonKeys(1, -1, 1, 0, true)),
                Arguments.of("optimizer.damping_int", newtonKeys(1, 1, -0.1, 0, true)),
                Arguments.of("optimizer.damping_int", newtonKeys(1, 1, Double.POSITIVE_INFINITY, 0, true)),
                Arguments.of("optimizer.mom_lrs", newtonKeys(1, 1, 1, 1, true)),
                Arguments.of("optimizer.base.name", "base.name = nadam"),
                Arguments.of("optimizer.lr", keys("k-fac", SGD, -1)),
                Arguments.of("optimizer.kfac.clip", kfac("clip = -1")),
                Arguments.of("optimizer.kfac.factor_period", kfac("factor_period = 0")),
                Arguments.of("optimizer.kfac.inverse_period", kfac("inverse_period = 0")),
                Arguments.of("optimizer.kfac.decay", kfac("decay = 1")),
                Arguments.of("optimizer.kfac.damping", kfac("damping = 0")),
                Arguments.of("optimizer.base.momentum", keys("k-fac", sgd(1, 0, 0), 1)),
                Arguments.of("optimizer.base.weight_decay", keys("k-fac", sgd(0, 0, -1), 1)),
                Arguments.of("optimizer.base.momentum", keys("sgd", sgd(1, 0, 0), 1)),
                Arguments.of("optimizer.base.dampening", keys("sgd", sgd(0, 1.1, 0), 1)),
                Arguments.of("optimizer.base.weight_decay", sgd(0, 0, -1)),
                Arguments.of("optimizer.base.weight_decay", base("adam", "weight_decay = 1e-3")),
                Arguments.of("optimizer.base.beta1", base("adam", "beta1 = -0.1")),
                Arguments.of("optimizer.base.beta2", base("adam", "beta2 = 1")),
                Arguments.of("optimizer.base.eps", base("adam", "eps = 0")),
                Arguments.of("optimizer.lr", keys("lars", SGD, 0)),
                Arguments.of("optimizer.base.weight_decay", base("adamw", "weight_decay = -1")),
                Arguments.of("optimizer.base.beta1", base("adamw", "beta1 = 1")),
                Arguments.of("optimizer.base.beta2", base("yogi", "beta2 = -1")),
                Arguments.of("optimizer.base.eps", base("yogi", "eps = -1e-3")),
                Arguments.of("optimizer.base.eps", base("rmsprop", "eps = 0")),
                Arguments.of("optimizer.base.rho", base("rmsprop", "rho = 1")),
                Arguments.of("optimizer.base.momentum", base("rmsprop", "momentum = 1")),
                Arguments.of("optimizer.base.momentum", base("lars", "momentum = -0.1")),
                Arguments.of("optimizer.base.trust", base("lars", "trust = 0")),
                Arguments.of("optimizer.lbfgs.memory", "name = l-bfgs, lbfgs.memory = 0"),
                Arguments.of("optimizer.base.weight_decay", "name = l-bfgs, base.weight_decay = -1"),
                Arguments.of("optimizer.lr", keys("o-lbfgs", SGD, -1)),
                Arguments.of("optimizer.lbfgs.memory", online("memory = 0")),
                Arguments.of("optimizer.lbfgs.tau", online("tau = 0")),
                Arguments.of("optimizer.lbfgs.regularisation", online("regularisation = -1")),
                Arguments.of("optimizer.lbfgs.first", online("first = 0")));
    }

    private static String lodo(String keys) {
        return "name = lodo, lodo { " + keys + " }";
    }

    private static String kfac(String keys) {
        return keys("k-fac", SGD, 1) + ", kfac { " + keys + " }";
    }

    private static String online(String keys) {
        return keys("o-lbfgs", SGD, 1) + ", lbfgs { " + keys + " }";
    }

    private static String base(String name, String keys) {
        return keys(name, ADAM, 1) + ", base { " + keys + " }";
    }

    static Stream<Arguments> mistakesOfSolvedRates() {
        return Stream.of(
                Arguments.of("optimizer.ridge", TestSettings.solving("ridge", -1, false)),
                Arguments.of("optimizer.solve", TestSettings.solving("lu", 0, false)),
                Arguments.of("optimizer.average.kind", TestSettings.averaged("mean", 0, 0, 1, 0)),
                Arguments.of("optimizer.average.decay", TestSettings.averaged("moving", 1, 0, 1, 0)),
                Arguments.of("optimizer.average.decay_d", TestSettings.averaged("moving", 0, 1, 1, 0)),
                Arguments.of("optimizer.average.period", TestSettings.averaged("uniform", 0, 0, 0, 0)),
                Arguments.of("optimizer.average.warmup", TestSettings.averaged("uniform", 0, 0, 1, -1)),
                Arguments.of("optimizer.on_failure", "on_failure = stop"),
                Arguments.of("optimizer.plateau.of", "plateau.of = lr"),
                Arguments.of("optimizer.plateau.factor", "plateau { of = damping, factor = 0 }"),
                Arguments.of("optimizer.plateau.patience", "plateau { of = damping, patience = -1 }"),
                Arguments.of("optimizer.plateau.threshold", "plateau { of = damping, threshold = 1 }"),
                Arguments.of("optimizer.gen.kind", gen("kind = newton")),
                Arguments.of("optimizer.gen.period", gen("period = 0")),
                Arguments.of("optimizer.gen.smoothing", gen("smoothing = 1")),
                Arguments.of("optimizer.gen.points", gen("points = \"4\"")),
                Arguments.of("optimizer.gen.fit", gen("fit = 1.1")),
                Arguments.of("optimizer.gen.lowest", gen("lowest = -1")),
                Arguments.of("optimizer.gen.highest", gen("lowest = 2")),
                Arguments.of("optimizer.gen.fallback", gen("fallback = -1")),
                Arguments.of("optimizer.lr", keys("gen", SGD, -1) + ", gen.kind = approximate"),
                Arguments.of("optimizer.lr", keys("gen", SGD, Double.NaN) + ", gen.kind = approximate"),
                Arguments.of("optimizer.lr_direction", keys("newton-stochastic-hv", SGD, 1) + ", lr_direction = 0"));
    }

    private static String gen(String keys) {
        return "name = gen, gen { " + keys + " }";
    }

    static Stream<Arguments> mistakesOfRecentOptimizers() {
        return Stream.of(
                Arguments.of("optimizer.base.momentum_decay", base("nadamw", "momentum_decay = -1")),
                Arguments.of("optimizer.lr", "name = schedule-free-adamw, lr = 0"),
                Arguments.of("optimizer.schedule_free.warmup_steps", "schedule_free.warmup_steps = -1"),
                Arguments.of("optimizer.schedule_free.power", "schedule_free.power = -1"),
                Arguments.of("optimizer.schedule_free.lr_power", "schedule_free.lr_power = -1"),
                Arguments.of("optimizer.distance.initial", "distance.initial = 0"),
                Arguments.of("optimizer.distance.growth", "distance.growth = 1"),
                Arguments.of("optimizer.distance.factor", "distance.factor = 0"),
                Arguments.of("optimizer.distance.beta3", "distance.beta3 = 1"),
                Arguments.of("optimizer.model_average.kind", "name = newton-summary, model_average.kind = uniform"),
                Arguments.of("optimizer.model_average.kind", "name = prodigy, model_average.kind = moving"),
                Arguments.of("optimizer.model_average.decay", "model_average.decay = 1"),
                Arguments.of("optimizer.base.muon.momentum", "base.muon.momentum = 1"),
                Arguments.of("optimizer.base.muon.iterations", "base.muon.iterations = 0"),
                Arguments.of("optimizer.base.muon.adam_factor", "base.muon.adam_factor = 0"));
    }

    @ParameterizedTest
    @MethodSource({"mistakes", "mistakesOfRecentOptimizers", "mistakesOfSolvedRates"})
    void refusesAndNamesTheKey(String key, String keys) {
        UserError error = assertThrows(UserError.class, () -> Optimizers.create(TestSettings.spec(keys), PARTITION));
        String message = error.getMessage();
        assertTrue(message.startsWith(key + ": found ") || message.contains("key '" + key + "': found "), message);
        assertTrue(message.contains(", expected "), message);
    }

    @Test
    void adamsWeightDecayIsThatOfAdamw() {
        UserError error = assertThrows(
                UserError.class,
                () -> Optimizers.create(TestSettings.spec(ADAM, "base.weight_decay = 0.5"), PARTITION));
        assertEquals(
                "optimizer.base.weight_decay: found 0.5, expected 0 if the base rule is adam: adamw has a weight decay",
                error.getMessage());
    }

    @Test
    void sgdWithMomentumDampeningAndDecay() {
        BaseRule rule = BaseRules.create(TestSettings.base(sgd(0.5, 0.25, 0.1)), TestSettings.layout(2));
        double[] gradient = {1, -2};
        double[] theta = {10, 0};
        assertArrayEquals(new double[] {2, -2}, rule.direction(gradient, theta));
        assertArrayEquals(new double[] {0.5 * 2 + 0.75 * 2, 0.5 * -2 + 0.75 * -2}, rule.direction(gradient, theta));
        assertArrayEquals(new double[] {1, -2}, gradient);
        assertArrayEquals(new double[] {10, 0}, theta);
    }

    @Test
    void adamsFirstStepIsTheSign() {
        BaseRule rule = BaseRules.create(TestSettings.base(ADAM), TestSettings.layout(2));
        double[] u = rule.direction(new double[] {3, -0.2}, new double[2]);
        assertArrayEquals(new double[] {1, -1}, u, 1e-7);
        double[] next = rule.direction(new double[] {0, 0}, new double[2]);
        double m = 0.9 * 0.1 * 3 / (1 - 0.81);
        double v = 0.999 * 0.001 * 9 / (1 - 0.999 * 0.999);
        assertEquals(m / (Math.sqrt(v) + 1e-8), next[0], 1e-13);
    }
}
