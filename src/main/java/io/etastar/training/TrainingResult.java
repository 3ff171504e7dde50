package io.etastar.training;

import io.etastar.storage.StoredModel;

/**
 * The outcome of a run.
 *
 * @param testAccuracy NaN if there are no test rows or no classes
 * @param testLoss NaN if there are no test rows
 * @param trainLoss of the last epoch
 * @param epochs done
 * @param steps done
 * @param seconds wall clock of this process's part of the run
 * @param kept the model
 */
public record TrainingResult(
        double testAccuracy, double testLoss, double trainLoss, int epochs, long steps, double seconds, Kept kept) {
    /**
     * The parameters that became the model.
     *
     * @param model with the parameters rounded to the plan's type
     * @param epoch the epoch, from 1, that they are the end of; 0 if none ended in this process
     */
    public record Kept(StoredModel model, int epoch) {}
}
