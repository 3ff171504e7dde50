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
            case "sgd", "adam" -> fixedRate(settings, size);
            case "k-fac" -> kfac(settings, partition);
            default ->
                throw new UserError(
                        KEY + "name: found '" + settings.name() + "', expected newton-summary, k-fac, sgd or adam");
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

    private static Optimizer kfac(OptimizerSettings settings, Partition partition) {
        KfacSettings kfac = settings.kfac();
        Check.positive(KEY + "lr", settings.lr());
        Check.fraction(KEY + "kfac.decay", kfac.decay());
        Check.positive(KEY + "kfac.damping", kfac.damping());
        Check.notNegative(KEY + "kfac.clip", kfac.clip());
        Check.that(kfac.factorPeriod() >= 1, KEY + "kfac.factor_period", kfac.factorPeriod(), "a whole number from 1");
        Check.that(
                kfac.inversePeriod() >= 1, KEY + "kfac.inverse_period", kfac.inversePeriod(), "a whole number from 1");
        Check.fraction(KEY + "base.momentum", settings.base().momentum());
        Check.notNegative(KEY + "base.weight_decay", settings.base().weightDecay());
        return new Kfac(settings, partition.layout());
    }

    private static Optimizer fixedRate(OptimizerSettings settings, int size) {
        Check.positive(KEY + "lr", settings.lr());
        BaseRuleSettings named = settings.base().named(settings.name());
        return new FixedRate(BaseRules.create(named, size), settings);
    }
}
