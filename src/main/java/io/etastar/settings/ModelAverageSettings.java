package io.etastar.settings;

import io.etastar.settings.schema.Key;
import java.io.Serializable;

/** Settings of the average of the parameters over the steps of an optimizer with a fixed rate. */
public record ModelAverageSettings(
        @Key(
                value = "none",
                oneOf = {"none", "uniform", "moving"},
                doc = "fixed learning rates: average of the parameters over the steps that is evaluated and becomes the"
                        + " model; uniform: of all, moving: of the last ones above all")
        String kind,

        @Key(
                value = "0.99",
                min = 0,
                below = 1,
                doc = "moving: share of the average kept at each step, less in the first ones")
        double decay)
        implements Serializable {
    /** A moving average with the usual decay. */
    static final ModelAverageSettings OF_LAST_STEPS = new ModelAverageSettings("moving", 0.99);

    /** Whether there is an average. */
    public boolean isOn() {
        return !kind.equals("none");
    }

    /** The share of the average that is kept at step {@code step}, from 1: n / (n + 9) at most for moving. */
    public double kept(long step) {
        double before = step - 1.0;
        return kind.equals("uniform") ? before / step : step == 1 ? 0 : Math.min(decay, step / (step + 9.0));
    }
}
