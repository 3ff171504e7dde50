package io.etastar.settings;

import io.etastar.settings.schema.Key;
import java.io.Serializable;

/** Settings of the optimizers whose step size is an estimate d of the distance to a solution: prodigy and d-adapted-adam. */
public record DistanceSettings(
        @Key(value = "1.0e-6", above = 0, doc = "prodigy, d-adapted-adam: first d, below the distance to any solution")
        double initial,

        @Key(
                above = 1,
                doc = "prodigy, d-adapted-adam: bound of the factor by which d grows in a step; by default none")
        double growth,

        @Key(value = "false", doc = "prodigy, d-adapted-adam: whether moments are corrected for their start at 0")
        boolean biasCorrection,

        @Key(value = "1.0", above = 0, doc = "prodigy: factor on the estimate of d")
        double factor,

        @Key(
                min = 0,
                below = 1,
                doc = "prodigy: share of the old averages kept in the estimate of d; by default the root of base.beta2")
        double beta3,

        @Key(
                value = "false",
                doc = "prodigy: whether the estimate of d leaves out the learning rate, for schedules that begin"
                        + " with a warm-up")
        boolean safeguardWarmup)
        implements Serializable {
    /** Bound of the growth of d, infinite if none is set. */
    public double growthOrUnbounded() {
        return Double.isNaN(growth) ? Double.POSITIVE_INFINITY : growth;
    }

    /** beta3, or {@code otherwise} if none is set. */
    public double beta3Or(double otherwise) {
        return Double.isNaN(beta3) ? otherwise : beta3;
    }

    /** Adam's correction of step {@code step}, from 1, as a factor on the step; 1 if there is none. */
    public double correction(double beta1, double beta2, long step) {
        return biasCorrection ? Math.sqrt(1 - Math.pow(beta2, step)) / (1 - Math.pow(beta1, step)) : 1;
    }
}
