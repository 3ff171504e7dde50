package io.etastar.settings;

import io.etastar.settings.schema.Key;
import java.io.Serializable;

/** Settings of base rules: the direction of the step, without a learning rate. What a rule does not use is ignored. */
public record BaseRuleSettings(
        @Key(
                value = "adam",
                oneOf = {"sgd", "adam", "adamw", "nadamw", "rmsprop", "yogi", "lars", "muon", "k-fac"},
                doc = "rule of the direction under newton-summary and gen")
        String name,

        @Key.Flat Momentum momentum,

        @Key(
                value = "0.0",
                min = 0,
                doc = "added to the gradient times the parameters; adamw, nadamw, schedule-free-adamw, prodigy: to"
                        + " the direction; muon: to that of matrices")
        double weightDecay,

        @Key.Flat Moments moments,

        @Key(value = "0.99", min = 0, below = 1, doc = "rmsprop: share of the old mean square kept")
        double rho,

        @Key(value = "0.001", above = 0, doc = "lars: norm of a tensor's step over the tensor's norm")
        double trust,

        Muon muon)
        implements Serializable {
    /** Momentum of sgd, rmsprop, lars and k-fac. */
    public record Momentum(
            @Key(value = "0.9", min = 0, below = 1, doc = "sgd, rmsprop, lars, k-fac: momentum")
            double momentum,

            @Key(value = "0.0", min = 0, max = 1, doc = "sgd: dampening of the momentum")
            double dampening)
            implements Serializable {}

    /** Running moments of the gradient. */
    public record Moments(
            @Key(value = "0.9", min = 0, below = 1, doc = "adam and its variants: share of the old first moment kept")
            double beta1,

            @Key(
                    value = "0.999",
                    min = 0,
                    below = 1,
                    doc = "adam and its variants: share of the old second moment kept")
            double beta2,

            @Key(above = 0, doc = "added to the root of the second moment; by default 1e-8, yogi 1e-3")
            double eps,

            @Key(
                    value = "0.004",
                    min = 0,
                    doc = "nadamw: how fast the share of the first moment in a step rises from half of beta1 to beta1")
            double momentumDecay)
            implements Serializable {}

    /** Momentum of matrices, and Adam's direction of other tensors. */
    public record Muon(
            @Key(value = "0.95", min = 0, below = 1, doc = "muon: share of the old momentum kept")
            double momentum,

            @Key(value = "true", doc = "muon: whether the momentum is Nesterov's")
            boolean nesterov,

            @Key(value = "5", min = 1, doc = "muon: Newton-Schulz iterations that bring singular values near 1")
            int iterations,

            @Key(value = "0.95", min = 0, below = 1, doc = "muon: beta2 of tensors that are no matrices")
            double beta2,

            @Key(
                    value = "0.015",
                    above = 0,
                    doc = "muon: factor on Adam's direction of tensors that are no matrices: their learning rate"
                            + " over lr")
            double adamFactor,

            @Key(
                    value = "0",
                    min = 0,
                    doc = "muon: longest shorter side of a matrix; larger ones count as no matrices, because the"
                            + " operations grow with its cube. 0: no limit")
            int maxSide)
            implements Serializable {}

    /** These values under another name. */
    public BaseRuleSettings named(String other) {
        return new BaseRuleSettings(other, momentum, weightDecay, moments, rho, trust, muon);
    }

    /** What is added to a root, or {@code otherwise} if none is set. */
    public double epsilonOr(double otherwise) {
        return Double.isNaN(moments.eps()) ? otherwise : moments.eps();
    }
}
