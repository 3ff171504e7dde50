package io.etastar.optimizer;

import io.etastar.UserError;
import io.etastar.optimizer.settings.BaseRuleSettings;
import io.etastar.partition.ParameterLayout;

/** Base rules by name. */
public final class BaseRules {
    static final double EPSILON = 1e-8;

    private static final String KEY = "optimizer.base.";

    private BaseRules() {}

    /**
     * A rule in its initial state.
     *
     * @param settings which one; what it does not use is ignored, except a weight decay that would not be applied
     * @param layout of the parameters
     * @throws UserError if the name is unknown or a value out of range
     */
    public static BaseRule create(BaseRuleSettings settings, ParameterLayout layout) {
        int size = layout.size();
        Check.notNegative(KEY + "weight_decay", settings.weightDecay());
        return switch (settings.name()) {
            case "sgd" -> sgd(settings, size);
            case "adam" -> {
                double decay = settings.weightDecay();
                String expected = "0 where the base rule is adam: adamw has a weight decay";
                Check.that(decay == 0, KEY + "weight_decay", decay, expected);
                yield new Adam(moments(settings, EPSILON), size);
            }
            case "adamw" -> new AdamW(moments(settings, EPSILON), size);
            case "yogi" -> new Yogi(moments(settings, Yogi.EPSILON), size);
            case "rmsprop" -> rmsProp(settings, size);
            case "lars" -> lars(settings, layout);
            default ->
                throw new UserError(KEY + "name: found '" + settings.name()
                        + "', expected sgd, adam, adamw, rmsprop, yogi or lars");
        };
    }

    private static BaseRule sgd(BaseRuleSettings settings, int size) {
        Check.fraction(KEY + "momentum", settings.momentum());
        double dampening = settings.dampening();
        Check.that(dampening >= 0 && dampening <= 1, KEY + "dampening", dampening, "a number from 0 to 1");
        return new Sgd(settings, size);
    }

    private static BaseRule rmsProp(BaseRuleSettings settings, int size) {
        Check.fraction(KEY + "momentum", settings.momentum());
        Check.fraction(KEY + "rho", settings.rho());
        Check.positive(KEY + "eps", settings.epsilonOr(EPSILON));
        return new RmsProp(settings, size);
    }

    private static BaseRule lars(BaseRuleSettings settings, ParameterLayout layout) {
        Check.fraction(KEY + "momentum", settings.momentum());
        Check.positive(KEY + "trust", settings.trust());
        return new Lars(settings, layout);
    }

    /** The settings of a rule with two moments, checked. */
    private static BaseRuleSettings moments(BaseRuleSettings settings, double epsilon) {
        Check.fraction(KEY + "beta1", settings.beta1());
        Check.fraction(KEY + "beta2", settings.beta2());
        Check.positive(KEY + "eps", settings.epsilonOr(epsilon));
        return settings;
    }
}
