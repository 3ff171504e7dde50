package io.etastar.optimizer.settings;

import java.io.Serializable;

/**
 * A base rule: the direction of the step, without a learning rate. What a rule does not use is ignored.
 *
 * @param name sgd, adam, adamw, rmsprop, yogi, lars or, under solved learning rates, k-fac
 * @param momentum of sgd, rmsprop and lars
 * @param dampening of sgd's momentum
 * @param weightDecay added to the gradient times theta; adamw: to the direction
 * @param beta1 of adam, adamw and yogi
 * @param beta2 of adam, adamw and yogi
 * @param epsilon added to a root; NaN for the rule's own default: 1e-8, yogi 1e-3
 * @param rho share of the old mean square kept by rmsprop
 * @param trust lars: ratio of a tensor's step to the tensor, in norms
 */
public record BaseRuleSettings(
        String name,
        double momentum,
        double dampening,
        double weightDecay,
        double beta1,
        double beta2,
        double epsilon,
        double rho,
        double trust)
        implements Serializable {
    /** The rule of that name with the values of a job file that sets none, but for sgd's momentum and dampening: 0. */
    public static BaseRuleSettings of(String name) {
        return new BaseRuleSettings(name, 0, 0, 0, 0.9, 0.999, Double.NaN, 0.99, 0.001);
    }

    /** These with another momentum. */
    public BaseRuleSettings withMomentum(double share, double damped) {
        return new BaseRuleSettings(name, share, damped, weightDecay, beta1, beta2, epsilon, rho, trust);
    }

    /** These with another weight decay. */
    public BaseRuleSettings withWeightDecay(double factor) {
        return new BaseRuleSettings(name, momentum, dampening, factor, beta1, beta2, epsilon, rho, trust);
    }

    /** These with other shares of running means. */
    public BaseRuleSettings withBetas(double first, double second) {
        return new BaseRuleSettings(name, momentum, dampening, weightDecay, first, second, epsilon, rho, trust);
    }

    /** These with another epsilon. */
    public BaseRuleSettings withEpsilon(double value) {
        return new BaseRuleSettings(name, momentum, dampening, weightDecay, beta1, beta2, value, rho, trust);
    }

    /** These with another share of the mean square. */
    public BaseRuleSettings withRho(double share) {
        return new BaseRuleSettings(name, momentum, dampening, weightDecay, beta1, beta2, epsilon, share, trust);
    }

    /** These with another ratio of norms. */
    public BaseRuleSettings withTrust(double ratio) {
        return new BaseRuleSettings(name, momentum, dampening, weightDecay, beta1, beta2, epsilon, rho, ratio);
    }

    /** These values under another name. */
    public BaseRuleSettings named(String other) {
        return new BaseRuleSettings(other, momentum, dampening, weightDecay, beta1, beta2, epsilon, rho, trust);
    }

    /** {@link #epsilon}, or {@code otherwise} if none is set. */
    public double epsilonOr(double otherwise) {
        return Double.isNaN(epsilon) ? otherwise : epsilon;
    }
}
