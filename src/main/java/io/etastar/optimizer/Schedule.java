package io.etastar.optimizer;

import io.etastar.settings.OptimizerSettings;
import java.io.Serializable;

/**
 * How learning rates, solved or fixed, change over a run: a factor on them for each step.
 *
 * @param kind none, linear, cosine or step
 * @param steps of the whole run, over which linear and cosine fall to 0; 0 for rates that do not change
 * @param every step: how many steps lie between two falls
 * @param factor step: factor at each fall
 */
public record Schedule(String kind, long steps, long every, double factor) implements Serializable {
    /** Rates that do not change. */
    public static final Schedule NONE = new Schedule("none", 0, 0, 1);

    /**
     * The schedule that settings name.
     *
     * @param stepsPerEpoch training steps of an epoch
     * @param steps of the whole run
     */
    public static Schedule of(OptimizerSettings.Rate rate, long stepsPerEpoch, long steps) {
        return new Schedule(rate.decay(), steps, stepsPerEpoch * rate.decayEpochs(), rate.decayFactor());
    }

    /** Rates that fall in a straight line to 0 over {@code steps} steps. */
    public static Schedule linear(long steps) {
        return new Schedule("linear", steps, 0, 1);
    }

    /**
     * Factor of step {@code step}, from 0: linear 1 - t, cosine (1 + cos(pi t)) / 2, t = step / steps; step factor^floor(step
     * / every).
     */
    public double factor(long step) {
        double t = steps == 0 ? 0 : Math.min(1, (double) step / steps);
        return switch (kind) {
            case "linear" -> 1 - t;
            case "cosine" -> (1 + Math.cos(Math.PI * t)) / 2;
            case "step" -> every == 0 ? 1 : Math.pow(factor, step / every);
            default -> 1;
        };
    }
}
