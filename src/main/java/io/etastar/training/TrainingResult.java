package io.etastar.training;

/**
 * How a run ended.
 *
 * @param testAccuracy NaN if there is no test set or no classes
 * @param testLoss NaN if there is no test set
 * @param trainLoss of the last epoch
 * @param epochs done
 * @param steps done
 * @param seconds wall clock of this process's part of the run
 */
public record TrainingResult(
        double testAccuracy, double testLoss, double trainLoss, int epochs, long steps, double seconds) {}
