package io.etastar.optimizer;

import io.etastar.partition.ParameterLayout;
import java.util.ArrayList;
import java.util.List;

/** Settings and layouts that several tests use. */
final class TestSettings {
    static final BaseRuleSettings SGD = sgd(0, 0, 0);
    static final BaseRuleSettings ADAM = BaseRuleSettings.of("adam");

    private TestSettings() {}

    static BaseRuleSettings sgd(double momentum, double dampening, double weightDecay) {
        return BaseRuleSettings.of("sgd").withMomentum(momentum, dampening).withWeightDecay(weightDecay);
    }

    static OptimizerSettings fixed(String name, BaseRuleSettings base, double lr) {
        return OptimizerSettings.of(name, base, lr);
    }

    static OptimizerSettings newton(
            BaseRuleSettings base, int period, double damping, double dampingInt, double momLrs, boolean clip) {
        return OptimizerSettings.of("newton-summary", base, 0.1)
                .with(NewtonSettings.of(period, damping, dampingInt, momLrs, clip));
    }

    static OptimizerSettings kfac(BaseRuleSettings base, double lr, double clip, int factors, int inverses) {
        return OptimizerSettings.of("k-fac", base, lr).with(new KfacSettings(0.9, 0.05, clip, factors, inverses, true));
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
