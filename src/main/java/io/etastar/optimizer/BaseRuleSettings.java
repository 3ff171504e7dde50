package io.etastar.optimizer;

/**
 * A base rule: the direction of the step, without a learning rate.
 *
 * @param name sgd or adam
 * @param momentum of sgd
 * @param dampening of sgd's momentum
 * @param weightDecay added to the gradient times theta
 * @param beta1 of adam
 * @param beta2 of adam
 * @param epsilon of adam
 */
public record BaseRuleSettings(
        String name,
        double momentum,
        double dampening,
        double weightDecay,
        double beta1,
        double beta2,
        double epsilon) {}
