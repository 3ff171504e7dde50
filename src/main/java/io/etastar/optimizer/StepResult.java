package io.etastar.optimizer;

import io.etastar.quantity.LossSum;
import java.io.Serializable;

/**
 * What one step did.
 *
 * @param loss sums over the training batch, where the step's gradient was taken: at the parameters before the step; lodo moves
 *     first
 * @param gradientNorm Euclidean norm of the mean gradient
 * @param summary what the step's summary gave, or null if the step made none
 */
public record StepResult(LossSum loss, double gradientNorm, SummaryResult summary) implements Serializable {
    /** Whether the step did nothing: all rows of its batch had weight 0. */
    public boolean skipped() {
        return loss.samples() == 0;
    }
}
