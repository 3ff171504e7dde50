package io.etastar.optimizer;

import io.etastar.UserError;
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
        int size = partition.layout().size();
        return switch (settings.name()) {
            case "newton-summary" -> newtonSummary(settings, partition, size);
            case "lodo" -> new Lodo(settings, LearnedInverses.create(settings.lodo(), size), size);
            case "sgd", "adam" -> fixedRate(settings, size);
            default ->
                throw new UserError(
                        KEY + "name: found '" + settings.name() + "', expected newton-summary, lodo, sgd or adam");
        };
    }

    private static Optimizer newtonSummary(OptimizerSettings settings, Partition partition, int size) {
        NewtonSettings newton = settings.newton();
        Check.that(newton.period() >= 1, KEY + "period", newton.period(), "a whole number from 1");
        Check.positive(KEY + "damping", newton.damping());
        Check.notNegative(KEY + "damping_int", newton.dampingInt());
        Check.fraction(KEY + "mom_lrs", newton.momLrs());
        return new NewtonSummary(settings, BaseRules.create(settings.base(), size), partition);
    }

    private static Optimizer fixedRate(OptimizerSettings settings, int size) {
        Check.positive(KEY + "lr", settings.lr());
        BaseRuleSettings named = settings.base().named(settings.name());
        return new FixedRate(BaseRules.create(named, size), settings);
    }
}
