package io.etastar.optimizer;

import io.etastar.optimizer.settings.BaseRuleSettings;
import io.etastar.optimizer.settings.GenSettings;
import io.etastar.optimizer.settings.KfacSettings;
import io.etastar.optimizer.settings.NewtonSettings;
import io.etastar.optimizer.settings.OptimizerSettings;
import io.etastar.partition.ParameterLayout;
import java.util.ArrayList;
import java.util.List;

/** Settings and layouts that several tests use. */
public final class TestSettings {
    public static final BaseRuleSettings SGD = sgd(0, 0, 0);
    public static final BaseRuleSettings ADAM = BaseRuleSettings.of("adam");

    private TestSettings() {}

    public static BaseRuleSettings sgd(double momentum, double dampening, double weightDecay) {
        return BaseRuleSettings.of("sgd").withMomentum(momentum, dampening).withWeightDecay(weightDecay);
    }

    public static OptimizerSettings fixed(String name, BaseRuleSettings base, double lr) {
        return OptimizerSettings.of(name, base, lr);
    }

    public static OptimizerSettings newton(
            BaseRuleSettings base, int period, double damping, double dampingInt, double momLrs, boolean clip) {
        return OptimizerSettings.of("newton-summary", base, 0.1)
                .with(NewtonSettings.of(period, damping, dampingInt, momLrs, clip));
    }

    public static OptimizerSettings newton(BaseRuleSettings base, NewtonSettings settings) {
        return OptimizerSettings.of("newton-summary", base, 0.1).with(settings);
    }

    /** A summary every second step, some smoothing, reduction on plateaus, the previous rates on failure. */
    public static NewtonSettings averaged(String kind, double decay, double decayD, int period, int warmup) {
        return new NewtonSettings(
                2,
                0.3,
                1,
                0.2,
                true,
                false,
                "cubic",
                0,
                false,
                true,
                "previous",
                new NewtonSettings.AverageSettings(kind, decay, decayD, period, warmup),
                new NewtonSettings.PlateauSettings("damping", 0.5, 0, 1e-4));
    }

    public static NewtonSettings solving(String solve, double ridge, boolean diagonal) {
        return new NewtonSettings(
                1,
                1,
                1,
                0,
                false,
                true,
                solve,
                ridge,
                diagonal,
                false,
                "zero",
                NewtonSettings.AverageSettings.NONE,
                NewtonSettings.PlateauSettings.NONE);
    }

    public static OptimizerSettings gen(String kind, int period, BaseRuleSettings base) {
        return OptimizerSettings.of("gen", base, 0.05).with(new GenSettings(kind, period, 0.3, 5, 0.9, 0, 10, 1e-3));
    }

    public static OptimizerSettings kfac(BaseRuleSettings base, double lr, double clip, int factors, int inverses) {
        return OptimizerSettings.of("k-fac", base, lr).with(new KfacSettings(0.9, 0.05, clip, factors, inverses, true));
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
