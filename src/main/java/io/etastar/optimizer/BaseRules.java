package io.etastar.optimizer;

import io.etastar.UserError;

/** Base rules by name. */
public final class BaseRules {
    private static final String KEY = "optimizer.base.";

    private BaseRules() {}

    /**
     * A rule in its initial state.
     *
     * @param settings which one; what it does not use is ignored, except a weight decay that would not be applied
     * @param size P, the number of parameters
     * @throws UserError where the name is unknown or a value out of range
     */
    public static BaseRule create(BaseRuleSettings settings, int size) {
        switch (settings.name()) {
            case "sgd" -> {
                Check.fraction(KEY + "momentum", settings.momentum());
                double dampening = settings.dampening();
                Check.that(dampening >= 0 && dampening <= 1, KEY + "dampening", dampening, "a number from 0 to 1");
                Check.notNegative(KEY + "weight_decay", settings.weightDecay());
                return new Sgd(settings, size);
            }
            case "adam" -> {
                Check.fraction(KEY + "beta1", settings.beta1());
                Check.fraction(KEY + "beta2", settings.beta2());
                Check.positive(KEY + "eps", settings.epsilonOr(1e-8));
                double decay = settings.weightDecay();
                Check.that(decay == 0, KEY + "weight_decay", decay, "0 where the base rule is adam");
                return new Adam(settings, size);
            }
            default -> throw new UserError(KEY + "name: found '" + settings.name() + "', expected sgd or adam");
        }
    }
}
