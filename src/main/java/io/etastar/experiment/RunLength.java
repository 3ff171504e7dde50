package io.etastar.experiment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.util.Locale;

/**
 * How long a run is: whole epochs, or part of the first one.
 *
 * @param epochs begun
 * @param steps of an epoch that is not finished, 0 where all are
 * @param full epochs at scale 1
 */
record RunLength(int epochs, int steps, int full) {
    /**
     * The length at a scale: as many epochs as come next to it, at least one; where it is less than one epoch, its steps.
     *
     * @param full epochs at scale 1
     * @param stepsPerEpoch steps of one epoch
     */
    static RunLength of(int full, long stepsPerEpoch, double scale) {
        double epochs = full * scale;
        return epochs >= 1
                ? new RunLength((int) Math.round(epochs), 0, full)
                : new RunLength(1, (int) Math.max(1, Math.round(epochs * stepsPerEpoch)), full);
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
        String length = steps == 0 ? "epochs=" + epochs : "steps=" + steps + " of the first epoch";
        return String.format(Locale.ROOT, "scale=%s %s of %d", scale, length, full);
    }
}
