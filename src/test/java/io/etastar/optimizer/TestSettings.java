package io.etastar.optimizer;

import io.etastar.partition.ParameterLayout;
import io.etastar.settings.BaseRuleSettings;
import io.etastar.settings.OptimizerSettings;
import java.util.ArrayList;
import java.util.List;

/** Settings, as keys in HOCON, and layouts that several tests use. */
public final class TestSettings {
    public static final String SGD = sgd(0, 0, 0);
    public static final String ADAM = "base { name = adam, momentum = 0 }";

    private TestSettings() {}

    /** The optimizer with these keys, later ones in force over earlier ones. */
    public static OptimizerSpec spec(String... keys) {
        return OptimizerSpec.of(OptimizerSettings.of(String.join(", ", keys)), 1);
    }

    public static String sgd(double momentum, double dampening, double weightDecay) {
        return "base { name = sgd, momentum = " + momentum + ", dampening = " + dampening + ", weight_decay = "
                + weightDecay + " }";
    }

    /** The base rule with these keys. */
    public static BaseRuleSettings base(String... keys) {
        return OptimizerSettings.of(String.join(", ", keys)).base();
    }

    public static OptimizerSpec fixed(String name, String base, double lr) {
        return spec(keys(name, base, lr));
    }

    /** @param lr NaN for none */
    public static String keys(String name, String base, double lr) {
        return "name = " + name + ", " + base + (Double.isNaN(lr) ? "" : ", lr = " + lr);
    }

    public static OptimizerSpec newton(
            String base, int period, double damping, double dampingInt, double momLrs, boolean clip) {
        return newton(base, newtonKeys(period, damping, dampingInt, momLrs, clip));
    }

    public static String newtonKeys(int period, double damping, double dampingInt, double momLrs, boolean clip) {
        return "period = " + period + ", damping = " + damping + ", damping_int = " + dampingInt + ", mom_lrs = "
                + momLrs + ", remove_negative = " + clip;
    }

    public static OptimizerSpec newton(String base, String keys) {
        return spec("name = newton-summary, preset = published", base, keys);
    }

    /** A summary every second step, some smoothing, reduction on plateaus, the previous rates on failure. */
    public static String averaged(String kind, double decay, double decayD, int period, int warmup) {
        return newtonKeys(2, 0.3, 1, 0.2, true) + ", maintain = false, normalise = true, on_failure = previous"
                + ", average { kind = " + kind + ", decay = " + decay + ", decay_d = " + decayD + ", period = " + period
                + ", warmup = " + warmup + " }, plateau { of = damping, factor = 0.5, patience = 0, threshold = 1e-4 }";
    }

    public static String solving(String solve, double ridge, boolean diagonal) {
        return newtonKeys(1, 1, 1, 0, false) + ", solve = " + solve + ", ridge = " + ridge + ", diagonal = " + diagonal;
    }

    public static OptimizerSpec gen(String kind, int period, String base) {
        return spec(
                keys("gen", base, 0.05),
                "gen { kind = " + kind + ", period = " + period
                        + ", smoothing = 0.3, points = \"5\", fit = 0.9, lowest = 0, highest = 10, fallback = 1e-3 }");
    }

    public static OptimizerSpec kfac(String base, double lr, double clip, int factors, int inverses) {
        return spec(
                keys("k-fac", base, lr),
                "kfac { decay = 0.9, damping = 0.05, clip = " + clip + ", factor_period = " + factors
                        + ", inverse_period = " + inverses + " }");
    }

    /** One tensor of each length, named a.weight, a.bias, b.weight, ... */
    public static ParameterLayout layout(int... lengths) {
        List<String> names = new ArrayList<>();
        List<int[]> shapes = new ArrayList<>();
        for (int i = 0; i < lengths.length; i++) {
            names.add((char) ('a' + i / 2) + (i % 2 == 0 ? ".weight" : ".bias"));
            shapes.add(new int[] {lengths[i]});
        }
        return new ParameterLayout(names, shapes);
    }
}
