package io.etastar.optimizer.registry;

import static io.etastar.optimizer.TestSettings.SGD;
import static io.etastar.optimizer.TestSettings.fixed;
import static io.etastar.optimizer.TestSettings.kfac;
import static io.etastar.optimizer.TestSettings.newton;
import static io.etastar.optimizer.TestSettings.sgd;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.optimizer.BaseRule;
import io.etastar.optimizer.BaseRules;
import io.etastar.optimizer.TestSettings;
import io.etastar.optimizer.settings.BaseRuleSettings;
import io.etastar.optimizer.settings.GenSettings;
import io.etastar.optimizer.settings.KfacSettings;
import io.etastar.optimizer.settings.LbfgsSettings;
import io.etastar.optimizer.settings.LodoSettings;
import io.etastar.optimizer.settings.NewtonSettings;
import io.etastar.optimizer.settings.OptimizerSettings;
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
                Arguments.of("optimizer.lodo.kind", lodo("dense", 1, 1e-3, "adam", 0.9, 16, 4)),
                Arguments.of("optimizer.lodo.initial", lodo("blocks", 0, 1e-3, "adam", 0.9, 16, 4)),
                Arguments.of("optimizer.lodo.meta_lr", lodo("diagonal", 1, -1, "adam", 0.9, 16, 4)),
                Arguments.of("optimizer.lodo.meta", lodo("global", 1, 1e-3, "yogi", 0.9, 16, 4)),
                Arguments.of("optimizer.lodo.beta", lodo("blocks", 1, 1e-3, "adam", 1, 16, 4)),
                Arguments.of("optimizer.lodo.layers", lodo("residuals", 1, 1e-3, "adam", 0.9, 0, 4)),
                Arguments.of("optimizer.lodo.layers", lodo("residuals", 1, 1e-3, "adam", 0.9, 1 << 30, 4)),
                Arguments.of("optimizer.lodo.block", lodo("blocks", 1, 1e-3, "adam", 0.9, 16, 0)),
                Arguments.of("optimizer.name", fixed("newton", SGD, 1)),
                Arguments.of("optimizer.lr", fixed("sgd", SGD, 0)),
                Arguments.of("optimizer.lr", fixed("adam", TestSettings.ADAM, Double.NaN)),
                Arguments.of("optimizer.period", newton(SGD, 0, 1, 1, 0, true)),
                Arguments.of("optimizer.damping", newton(SGD, 1, -1, 1, 0, true)),
                Arguments.of("optimizer.damping_int", newton(SGD, 1, 1, -0.1, 0, true)),
                Arguments.of("optimizer.damping_int", newton(SGD, 1, 1, Double.POSITIVE_INFINITY, 0, true)),
                Arguments.of("optimizer.mom_lrs", newton(SGD, 1, 1, 1, 1, true)),
                Arguments.of("optimizer.base.name", newton(base("nadam", 0, 0.9, 0.999, 1e-8), 1, 1, 1, 0, true)),
                Arguments.of("optimizer.lr", kfac(SGD, -1, 0, 1, 1)),
                Arguments.of("optimizer.kfac.clip", kfac(SGD, 1, -1, 1, 1)),
                Arguments.of("optimizer.kfac.factor_period", kfac(SGD, 1, 0, 0, 1)),
                Arguments.of("optimizer.kfac.inverse_period", kfac(SGD, 1, 0, 1, 0)),
                Arguments.of("optimizer.kfac.decay", shares(1, 0.1)),
                Arguments.of("optimizer.kfac.damping", shares(0.5, 0)),
                Arguments.of("optimizer.base.momentum", kfac(sgd(1, 0, 0), 1, 0, 1, 1)),
                Arguments.of("optimizer.base.weight_decay", kfac(sgd(0, 0, -1), 1, 0, 1, 1)),
                Arguments.of("optimizer.base.momentum", fixed("sgd", sgd(1, 0, 0), 1)),
                Arguments.of("optimizer.base.dampening", fixed("sgd", sgd(0, 1.1, 0), 1)),
                Arguments.of("optimizer.base.weight_decay", newton(sgd(0, 0, -1), 1, 1, 1, 0, true)),
                Arguments.of("optimizer.base.weight_decay", fixed("adam", base("adam", 1e-3, 0.9, 0.999, 1e-8), 1)),
                Arguments.of("optimizer.base.beta1", fixed("adam", base("adam", 0, -0.1, 0.999, 1e-8), 1)),
                Arguments.of("optimizer.base.beta2", fixed("adam", base("adam", 0, 0.9, 1, 1e-8), 1)),
                Arguments.of("optimizer.base.eps", fixed("adam", base("adam", 0, 0.9, 0.999, 0), 1)),
                Arguments.of("optimizer.lr", fixed("lars", SGD, 0)),
                Arguments.of("optimizer.base.weight_decay", fixed("adamw", SGD.withWeightDecay(-1), 1)),
                Arguments.of("optimizer.base.beta1", fixed("adamw", base("adamw", 0, 1, 0.999, 1e-8), 1)),
                Arguments.of("optimizer.base.beta2", fixed("yogi", base("yogi", 0, 0.9, -1, 1e-8), 1)),
                Arguments.of("optimizer.base.eps", fixed("yogi", base("yogi", 0, 0.9, 0.999, -1e-3), 1)),
                Arguments.of("optimizer.base.eps", fixed("rmsprop", SGD.withEpsilon(0), 1)),
                Arguments.of("optimizer.base.rho", fixed("rmsprop", SGD.withRho(1), 1)),
                Arguments.of("optimizer.base.momentum", fixed("rmsprop", SGD.withMomentum(1, 0), 1)),
                Arguments.of("optimizer.base.momentum", fixed("lars", SGD.withMomentum(-0.1, 0), 1)),
                Arguments.of("optimizer.base.trust", fixed("lars", SGD.withTrust(0), 1)),
                Arguments.of("optimizer.lbfgs.memory", fixed("l-bfgs", SGD, 1).with(new LbfgsSettings(0, 1, 0, 1))),
                Arguments.of("optimizer.base.weight_decay", fixed("l-bfgs", SGD.withWeightDecay(-1), 1)),
                Arguments.of("optimizer.lr", fixed("o-lbfgs", SGD, -1)),
                Arguments.of("optimizer.lbfgs.memory", fixed("o-lbfgs", SGD, 1).with(new LbfgsSettings(0, 1, 0, 1))),
                Arguments.of("optimizer.lbfgs.tau", fixed("o-lbfgs", SGD, 1).with(new LbfgsSettings(1, 0, 0, 1))),
                Arguments.of(
                        "optimizer.lbfgs.regularisation",
                        fixed("o-lbfgs", SGD, 1).with(new LbfgsSettings(1, 1, -1, 1))),
                Arguments.of("optimizer.lbfgs.first", fixed("o-lbfgs", SGD, 1).with(new LbfgsSettings(1, 1, 0, 0))));
    }

    private static OptimizerSettings shares(double decay, double damping) {
        return OptimizerSettings.of("k-fac", SGD, 1).with(new KfacSettings(decay, damping, 0, 1, 1, true));
    }

    private static OptimizerSettings lodo(
            String kind, double initial, double metaLr, String meta, double beta, int layers, int block) {
        return fixed("lodo", SGD, 1).with(new LodoSettings(kind, initial, metaLr, meta, beta, layers, block, 1));
    }

    static Stream<Arguments> mistakesOfSolvedRates() {
        return Stream.of(
                Arguments.of("optimizer.ridge", newton(SGD, TestSettings.solving("ridge", -1, false))),
                Arguments.of("optimizer.solve", newton(SGD, TestSettings.solving("lu", 0, false))),
                Arguments.of("optimizer.average.kind", newton(SGD, TestSettings.averaged("mean", 0, 0, 1, 0))),
                Arguments.of("optimizer.average.decay", newton(SGD, TestSettings.averaged("moving", 1, 0, 1, 0))),
                Arguments.of("optimizer.average.decay_d", newton(SGD, TestSettings.averaged("moving", 0, 1, 1, 0))),
                Arguments.of("optimizer.average.period", newton(SGD, TestSettings.averaged("uniform", 0, 0, 0, 0))),
                Arguments.of("optimizer.average.warmup", newton(SGD, TestSettings.averaged("uniform", 0, 0, 1, -1))),
                Arguments.of("optimizer.plateau.of", newton(SGD, plateau("lr", 0.5, 0, 0))),
                Arguments.of("optimizer.plateau.factor", newton(SGD, plateau("damping", 0, 0, 0))),
                Arguments.of("optimizer.plateau.patience", newton(SGD, plateau("damping", 0.5, -1, 0))),
                Arguments.of("optimizer.plateau.threshold", newton(SGD, plateau("damping", 0.5, 0, 1))),
                Arguments.of("optimizer.gen.kind", gen(new GenSettings("newton", 1, 0, 3, 0.99, 0, 1, 0))),
                Arguments.of("optimizer.gen.period", gen(new GenSettings("exact", 0, 0, 3, 0.99, 0, 1, 0))),
                Arguments.of("optimizer.gen.smoothing", gen(new GenSettings("exact", 1, 1, 3, 0.99, 0, 1, 0))),
                Arguments.of("optimizer.gen.points", gen(new GenSettings("exact", 1, 0, 4, 0.99, 0, 1, 0))),
                Arguments.of("optimizer.gen.fit", gen(new GenSettings("exact", 1, 0, 3, 1.1, 0, 1, 0))),
                Arguments.of("optimizer.gen.lowest", gen(new GenSettings("exact", 1, 0, 3, 0.99, -1, 1, 0))),
                Arguments.of("optimizer.gen.highest", gen(new GenSettings("exact", 1, 0, 3, 0.99, 2, 1, 0))),
                Arguments.of("optimizer.gen.fallback", gen(new GenSettings("exact", 1, 0, 3, 0.99, 0, 1, -1))),
                Arguments.of("optimizer.lr", fixed("gen", SGD, -1).with(approximate())),
                Arguments.of("optimizer.lr_direction", hessianVector(0)));
    }

    private static NewtonSettings plateau(String of, double factor, int patience, double threshold) {
        NewtonSettings all = TestSettings.solving("cubic", 0, false);
        return new NewtonSettings(
                all.period(),
                all.damping(),
                all.dampingInt(),
                all.momLrs(),
                all.removeNegative(),
                all.maintain(),
                all.solve(),
                all.ridge(),
                all.diagonal(),
                all.normalise(),
                all.onFailure(),
                all.average(),
                new NewtonSettings.PlateauSettings(of, factor, patience, threshold));
    }

    private static OptimizerSettings gen(GenSettings settings) {
        return OptimizerSettings.of("gen", SGD, 1).with(settings);
    }

    private static GenSettings approximate() {
        return new GenSettings("approximate", 1, 0, 3, 0.99, 0, 1, 0);
    }

    private static OptimizerSettings hessianVector(double lrDirection) {
        OptimizerSettings all = OptimizerSettings.of("newton-stochastic-hv", SGD, 1);
        return new OptimizerSettings(
                all.name(),
                all.base(),
                all.lr(),
                all.schedule(),
                all.newton(),
                lrDirection,
                all.gen(),
                all.lodo(),
                all.lbfgs(),
                all.kfac());
    }

    private static BaseRuleSettings base(String name, double decay, double beta1, double beta2, double eps) {
        return BaseRuleSettings.of(name)
                .withWeightDecay(decay)
                .withBetas(beta1, beta2)
                .withEpsilon(eps);
    }

    @ParameterizedTest
    @MethodSource({"mistakes", "mistakesOfSolvedRates"})
    void refusesAndNamesTheKey(String key, OptimizerSettings settings) {
        UserError error = assertThrows(UserError.class, () -> Optimizers.create(settings, PARTITION));
        assertTrue(error.getMessage().startsWith(key + ": found "), error.getMessage());
        assertTrue(error.getMessage().contains(", expected "), error.getMessage());
    }

    @Test
    void adamsWeightDecayIsThatOfAdamw() {
        UserError error = assertThrows(
                UserError.class,
                () -> BaseRules.create(TestSettings.ADAM.withWeightDecay(0.5), TestSettings.layout(2)));
        assertEquals(
                "optimizer.base.weight_decay: found 0.5, expected 0 where the base rule is adam: adamw has a weight"
                        + " decay",
                error.getMessage());
    }

    @Test
    void sgdWithMomentumDampeningAndDecay() {
        BaseRule rule = BaseRules.create(sgd(0.5, 0.25, 0.1), TestSettings.layout(2));
        double[] gradient = {1, -2};
        double[] theta = {10, 0};
        assertArrayEquals(new double[] {2, -2}, rule.direction(gradient, theta));
        assertArrayEquals(new double[] {0.5 * 2 + 0.75 * 2, 0.5 * -2 + 0.75 * -2}, rule.direction(gradient, theta));
        assertArrayEquals(new double[] {1, -2}, gradient);
        assertArrayEquals(new double[] {10, 0}, theta);
    }

    @Test
    void adamsFirstStepIsTheSign() {
        BaseRule rule = BaseRules.create(TestSettings.ADAM, TestSettings.layout(2));
        double[] u = rule.direction(new double[] {3, -0.2}, new double[2]);
        assertArrayEquals(new double[] {1, -1}, u, 1e-7);
        double[] next = rule.direction(new double[] {0, 0}, new double[2]);
        double m = 0.9 * 0.1 * 3 / (1 - 0.81);
        double v = 0.999 * 0.001 * 9 / (1 - 0.999 * 0.999);
        assertEquals(m / (Math.sqrt(v) + 1e-8), next[0], 1e-13);
    }
}
