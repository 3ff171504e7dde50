package io.etastar.optimizer;

import io.etastar.partition.ParameterLayout;
import java.util.ArrayList;
import java.util.List;

/** Settings and layouts that several tests use. */
final class TestSettings {
    static final BaseRuleSettings SGD = sgd(0, 0, 0);
    static final BaseRuleSettings ADAM = new BaseRuleSettings("adam", 0, 0, 0, 0.9, 0.999, 1e-8);

    private TestSettings() {}

    static BaseRuleSettings sgd(double momentum, double dampening, double weightDecay) {
        return new BaseRuleSettings("sgd", momentum, dampening, weightDecay, 0.9, 0.999, 1e-8);
    }

    static OptimizerSettings fixed(String name, BaseRuleSettings base, double lr) {
        return new OptimizerSettings(name, base, lr, 1, 1, 1, 0, true, 0);
    }

    static OptimizerSettings newton(
            BaseRuleSettings base, int period, double damping, double dampingInt, double momLrs, boolean clip) {
        return new OptimizerSettings("newton-summary", base, 0.1, period, damping, dampingInt, momLrs, clip, 0);
    }

    /** One tensor of each length, named a.weight, a.bias, b.weight, ... */
    static ParameterLayout layout(int... lengths) {
        List<String> names = new ArrayList<>();
        List<int[]> shapes = new ArrayList<>();
        for (int i = 0; i < lengths.length; i++) {
            names.add((char) ('a' + i / 2) + (i % 2 == 0 ? ".weight" : ".bias"));
            shapes.add(new int[] {lengths[i]});
        }
        return new ParameterLayout(names, shapes);
    }
}
