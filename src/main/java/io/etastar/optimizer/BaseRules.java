package io.etastar.optimizer;

import io.etastar.partition.ParameterLayout;
import io.etastar.settings.BaseRuleSettings;

/** Base rules by name. */
public final class BaseRules {
    static final double EPSILON = 1e-8;

    private BaseRules() {}

    /**
     * A rule in its initial state.
     *
     * @param settings which one, but for k-fac; what it does not use is ignored
     * @param layout of the parameters
     */
    public static BaseRule create(BaseRuleSettings settings, ParameterLayout layout) {
        int size = layout.size();
        return switch (settings.name()) {
            case "sgd" -> new Sgd(settings, size);
            case "adam" -> new Adam(settings, size);
            case "adamw" -> new AdamW(settings, size);
            case "nadamw" -> new NAdamW(settings, size);
            case "yogi" -> new Yogi(settings, size);
            case "rmsprop" -> new RmsProp(settings, size);
            case "muon" -> new Muon(settings, layout);
            case "lars" -> new Lars(settings, layout);
            default -> throw new IllegalArgumentException("no base rule: " + settings.name());
        };
    }
}
