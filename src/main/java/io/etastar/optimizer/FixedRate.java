package io.etastar.optimizer;

import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Batch;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.PeriodSum;
import io.etastar.settings.BaseRuleSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** theta - lr decay u, u the direction of a base rule: plain SGD, Adam and the like. */
public final class FixedRate implements Optimizer.Local {
    private final BaseRule base;
    private final OptimizerSpec spec;

    public FixedRate(BaseRule base, OptimizerSpec spec) {
        this.base = base;
        this.spec = spec;
    }

    @Override
    public StepResult step(Objective objective, double[] theta, long step) {
        GradientSum sum = objective.gradient(theta, step);
        double[] gradient = sum.meanGradient();
        double[] direction = base.direction(objective, gradient, theta, step);
        double lr = spec.settings().lr() * spec.decay(step);
        for (int p = 0; p < theta.length; p++) {
            theta[p] -= lr * direction[p];
        }
        return new StepResult(sum.loss(), ParameterVectors.euclidean(gradient), null);
    }

    @Override
    public List<StepResult> period(Objective.Sharded objective, double[] theta, long step, int count) {
        Partition whole = Partitions.parse("trivial", objective.layout());
        double[][] rates = new double[count][];
        for (int i = 0; i < count; i++) {
            rates[i] = new double[] {spec.settings().lr() * spec.decay(step + i)};
        }
        BaseRuleSettings rule =
                spec.settings().base().named(spec.settings().name().toString());
        LocalSteps steps = new LocalSteps(rule, whole, new LocalSteps.Rates(rates, false), LocalSteps.Asked.NOTHING);
        return averaged(objective.localSteps(steps, theta, base.state(), new Batch.Summary(0, step)), theta, base);
    }

    /** Takes the means over; the steps' results. */
    public static List<StepResult> averaged(PeriodSum sum, double[] theta, BaseRule base) {
        System.arraycopy(sum.theta(), 0, theta, 0, theta.length);
        base.restore(sum.state());
        List<StepResult> results = new ArrayList<>();
        for (int i = 0; i < sum.steps(); i++) {
            results.add(new StepResult(sum.loss(i), sum.gradientNorm(i), null));
        }
        return results;
    }

    @Override
    public Map<String, double[]> state() {
        return base.state();
    }

    @Override
    public void restore(Map<String, double[]> state) {
        base.restore(state);
    }
}
