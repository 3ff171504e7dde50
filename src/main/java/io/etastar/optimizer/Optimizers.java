package io.etastar.optimizer;

import io.etastar.UserError;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;

/** Optimizers by name. */
public final class Optimizers {
    private static final String KEY = "optimizer.";

    private Optimizers() {}

    /**
     * An optimizer in its initial state.
     *
     * @param settings which one, and its values; those it does not use are ignored
     * @param partition of the parameters; gives their number, and the subsets where there is a rate per subset
     * @throws UserError where a name is unknown or a value out of range
     */
    public static Optimizer create(OptimizerSettings settings, Partition partition) {
        ParameterLayout layout = partition.layout();
        return switch (settings.name()) {
            case "newton-summary" -> newtonSummary(settings, partition);
            case "lodo" -> lodo(settings, layout.size());
            case "l-bfgs" -> lbfgs(settings, layout);
            case "o-lbfgs" -> onlineLbfgs(settings, layout);
            case "sgd", "adam", "adamw", "rmsprop", "yogi", "lars" -> fixedRate(settings, layout);
            default ->
                throw new UserError(
                        KEY + "name: found '" + settings.name()
                                + "', expected newton-summary, lodo, l-bfgs, o-lbfgs or a base rule: sgd, adam, adamw, rmsprop, yogi, lars");
        };
    }

    private static Optimizer newtonSummary(OptimizerSettings settings, Partition partition) {
        NewtonSettings newton = settings.newton();
        Check.that(newton.period() >= 1, KEY + "period", newton.period(), "a whole number from 1");
        Check.positive(KEY + "damping", newton.damping());
        Check.notNegative(KEY + "damping_int", newton.dampingInt());
        Check.fraction(KEY + "mom_lrs", newton.momLrs());
        return new NewtonSummary(settings, BaseRules.create(settings.base(), partition.layout()), partition);
    }

    private static Optimizer lodo(OptimizerSettings settings, int size) {
        return new Lodo(settings, LearnedInverses.create(settings.lodo(), size), size);
    }

    private static Optimizer lbfgs(OptimizerSettings settings, ParameterLayout layout) {
        memory(settings.lbfgs());
        Check.notNegative(KEY + "base.weight_decay", settings.base().weightDecay());
        return new Lbfgs(settings, layout.size());
    }

    private static Optimizer onlineLbfgs(OptimizerSettings settings, ParameterLayout layout) {
        LbfgsSettings lbfgs = settings.lbfgs();
        memory(lbfgs);
        Check.positive(KEY + "lr", settings.lr());
        Check.positive(KEY + "lbfgs.tau", lbfgs.tau());
        Check.notNegative(KEY + "lbfgs.regularisation", lbfgs.regularisation());
        Check.positive(KEY + "lbfgs.first", lbfgs.first());
        Check.notNegative(KEY + "base.weight_decay", settings.base().weightDecay());
        return new OnlineLbfgs(settings, layout.size());
    }

    private static void memory(LbfgsSettings settings) {
        Check.that(settings.memory() >= 1, KEY + "lbfgs.memory", settings.memory(), "a whole number from 1");
    }

    private static Optimizer fixedRate(OptimizerSettings settings, ParameterLayout layout) {
        Check.positive(KEY + "lr", settings.lr());
        BaseRuleSettings named = settings.base().named(settings.name());
        return new FixedRate(BaseRules.create(named, layout), settings);
    }
}
