package io.etastar.optimizer;

/**
 * An optimizer and everything that can be set on it.
 *
 * @param name newton-summary, sgd or adam (the last two: the base rule with a fixed learning rate)
 * @param base the base rule; its name is ignored where {@code name} is itself a base rule
 * @param lr learning rate where it is fixed
 * @param period steps between two summaries
 * @param damping lambda_1, factor on the solved learning rates
 * @param dampingInt lambda_int, weight of the cubic term
 * @param momLrs rho, smoothing of the learning rates from one summary to the next
 * @param removeNegative whether negative learning rates are replaced by 0
 */
public record OptimizerSettings(
        String name,
        BaseRuleSettings base,
        double lr,
        int period,
        double damping,
        double dampingInt,
        double momLrs,
        boolean removeNegative) {}
