package io.etastar.experiment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;

/**
 * How long a run is: whole epochs, or steps if it ends within an epoch.
 *
 * @param epochs begun
 * @param steps after which it ends, 0 for the end of its epochs
 * @param published length at scale 1, in epochs
 * @param stepsPerEpoch steps of a whole epoch
 */
record RunLength(int epochs, int steps, double published, long stepsPerEpoch) {
    /**
     * The length at a scale. Of a run of epochs as many as come next to it, at least one; its steps if that is less than
     * one epoch, and if the run is given in steps.
     *
     * @param full epochs at scale 1
     * @param maxSteps steps after which the run ends at scale 1, or 0
     * @param stepsPerEpoch steps of a whole epoch
     */
    static RunLength of(int full, int maxSteps, long stepsPerEpoch, double scale) {
        long all = full * stepsPerEpoch;
        if (maxSteps == 0 && full * scale >= 1) {
            return new RunLength((int) Math.round(full * scale), 0, full, stepsPerEpoch);
        }
        long most = maxSteps == 0 ? all : Math.min(all, maxSteps);
        int steps = (int) Math.max(1, Math.round(most * scale));
        int epochs = (int) ((steps + stepsPerEpoch - 1) / stepsPerEpoch);
        return new RunLength(epochs, steps, (double) most / stepsPerEpoch, stepsPerEpoch);
    }

    /** Keys of a job file that make runs that long. */
    Config keys() {
        Config keys = ConfigFactory.empty()
                .withValue("training.epochs", ConfigValueFactory.fromAnyRef(epochs, "length of the run"));
        return steps == 0
                ? keys
                : keys.withValue("training.max_steps", ConfigValueFactory.fromAnyRef(steps, "length of the run"));
    }

    /** For people: {@code scale=0.1 epochs=20 of 200}. */
    String describe(double scale) {
        return steps == 0
                ? "scale=" + scale + " epochs=" + epochs + " of " + Math.round(published)
                : "scale=" + scale + " steps=" + steps + " of " + Math.round(published * stepsPerEpoch);
    }
}
