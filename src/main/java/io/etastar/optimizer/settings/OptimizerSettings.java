package io.etastar.optimizer.settings;

import java.util.List;

/**
 * An optimizer and everything that can be set on it; each reads its own part.
 *
 * @param name newton-summary, newton-stochastic-hv, gen, lodo, l-bfgs, o-lbfgs, k-fac, or a base rule with a fixed learning
 *     rate
 * @param base the base rule; its name is ignored where {@code name} is itself a base rule
 * @param lr learning rate if it is fixed, or where it begins
 * @param schedule factor on all learning rates
 * @param newton of newton-summary
 * @param lrDirection newton-stochastic-hv: learning rate of the direction; its ridge is newton's
 * @param gen of gen
 * @param lodo of lodo
 * @param lbfgs of l-bfgs and o-lbfgs
 * @param kfac of k-fac
 */
public record OptimizerSettings(
        String name,
        BaseRuleSettings base,
        double lr,
        Schedule schedule,
        NewtonSettings newton,
        double lrDirection,
        GenSettings gen,
        LodoSettings lodo,
        LbfgsSettings lbfgs,
        KfacSettings kfac) {
    /** The optimizer of that name; all else as if nothing is set. */
    public static OptimizerSettings of(String name, BaseRuleSettings base, double lr) {
        return new OptimizerSettings(
                name,
                base,
                lr,
                Schedule.NONE,
                NewtonSettings.of(10, 0.3, 1, 0.5, true),
                0.1,
                GenSettings.exact(1),
                LodoSettings.blocks(1, 1e-3, 0.9, 1),
                LbfgsSettings.DEFAULT,
                KfacSettings.DEFAULT);
    }

    /** These with another schedule. */
    public OptimizerSettings with(Schedule other) {
        return new OptimizerSettings(name, base, lr, other, newton, lrDirection, gen, lodo, lbfgs, kfac);
    }

    /** These with other values of newton-summary. */
    public OptimizerSettings with(NewtonSettings other) {
        return new OptimizerSettings(name, base, lr, schedule, other, lrDirection, gen, lodo, lbfgs, kfac);
    }

    /** These with other values of gen. */
    public OptimizerSettings with(GenSettings other) {
        return new OptimizerSettings(name, base, lr, schedule, newton, lrDirection, other, lodo, lbfgs, kfac);
    }

    /** These with other values of lodo. */
    public OptimizerSettings with(LodoSettings other) {
        return new OptimizerSettings(name, base, lr, schedule, newton, lrDirection, gen, other, lbfgs, kfac);
    }

    /** These with other values of l-bfgs and o-lbfgs. */
    public OptimizerSettings with(LbfgsSettings other) {
        return new OptimizerSettings(name, base, lr, schedule, newton, lrDirection, gen, lodo, other, kfac);
    }

    /** These with other values of k-fac. */
    public OptimizerSettings with(KfacSettings other) {
        return new OptimizerSettings(name, base, lr, schedule, newton, lrDirection, gen, lodo, lbfgs, other);
    }

    /** Whether the optimizer draws batches of its own for summaries or losses, next to those of its gradients. */
    public boolean drawsSummaryBatches() {
        return name.equals("newton-summary") || name.equals("gen");
    }

    /** Whether shards can make steps by themselves: where each step is a base rule's, from a gradient alone. */
    public boolean makesLocalSteps() {
        String rule = name.equals("newton-summary") ? base.name() : name;
        return List.of("sgd", "adam", "adamw", "yogi", "rmsprop", "lars").contains(rule);
    }

    /** Whether the optimizer asks for the layers' Kronecker factors. */
    public boolean takesKroneckerFactors() {
        return name.equals("k-fac") || (drawsSummaryBatches() && base.name().equals("k-fac"));
    }

    /** Factor on the learning rates of step {@code step}, from 0. */
    public double decay(long step) {
        return schedule.factor(step);
    }
}
