package io.etastar.audit;

import io.etastar.training.Rehearsal;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run that was tried: its rate, and the losses of rows that it did not step on.
 *
 * @param factor of its rate over the job's
 * @param trace losses of each batch, before the first step and after each tenth of them; ends where they are not finite
 * @param losses mean loss before the first step and after each tenth of them [11], of a run of twice the length [21]; infinite from where they
 *     are not finite
 * @param last of each batch, the mean of the last losses; infinite if one is
 * @param end where it ended; null if it is not finite there
 */
record Trial(double factor, List<double[]> trace, double[] losses, double[] last, Rehearsal.@Nullable Position end) {
    /** Measurements after the first. */
    static final int CHECKS = 10;
    /** Measurements that the loss at the end is the mean of. */
    static final int LAST = 3;
    /** Part of the steps in which another run's loss must be reached. */
    private static final double SOONER = 0.8;

    /** The loss at the end. */
    double finalLoss() {
        return Arrays.stream(losses, losses.length - LAST, losses.length)
                .average()
                .orElseThrow();
    }

    /** After which part of the steps it is at or below the loss that another one of its length ends with; 1 if it never is. */
    double part(Trial other) {
        for (int i = 0; i < losses.length; i++) {
            if (losses[i] <= other.finalLoss()) {
                return (double) i / (losses.length - 1);
            }
        }
        return 1;
    }

    /** Whether it is better than another one: it ends lower, and is at that one's last loss sooner. */
    boolean beats(Trial other) {
        return isLower(other) && (!Double.isFinite(other.finalLoss()) || part(other) <= SOONER);
    }

    /** Whether it ends lower than another one of its length: on average, and on three batches of four. */
    boolean isLower(Trial other) {
        if (!Double.isFinite(finalLoss())) {
            return false;
        }
        if (!Double.isFinite(other.finalLoss())) {
            return true;
        }
        double[] more = last.clone();
        Arrays.setAll(more, i -> last[i] - other.last[i]);
        return Quartiles.of(more).high() < 0 && finalLoss() < other.finalLoss();
    }
}
