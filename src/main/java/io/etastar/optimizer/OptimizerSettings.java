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
 * @param decaySteps steps over which learning rates fall linearly to 0; 0 for rates that do not fall
 */
public record OptimizerSettings(
        String name,
        BaseRuleSettings base,
        double lr,
        int period,
        double damping,
        double dampingInt,
        double momLrs,
        boolean removeNegative,
        long decaySteps) {
    /** These settings with learning rates that fall to 0 over {@code steps} steps. */
    public OptimizerSettings decayingOver(long steps) {
        return new OptimizerSettings(name, base, lr, period, damping, dampingInt, momLrs, removeNegative, steps);
    }

    /** Factor on the learning rates of step {@code step}, from 0: 1 - step / decaySteps. */
    double decay(long step) {
        return decaySteps == 0 ? 1 : Math.max(0, 1 - (double) step / decaySteps);
    }
}
