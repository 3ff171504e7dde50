package io.etastar.report;

/**
 * One training step.
 *
 * @param step number from 1
 * @param epoch number from 1
 * @param loss mean training loss of the batch before the step
 * @param accuracy of the batch before the step, or NaN where targets are not classes
 * @param gradientNorm Euclidean norm of the mean gradient
 * @param samples of the batch
 * @param seconds wall clock of the whole step
 * @param computeSeconds longest task's time inside the engine, summed over the step's passes
 * @param sparkSeconds wall clock of the passes less computeSeconds: scheduling, transfer, merge
 * @param solveSeconds time of the solver
 */
public record StepMetrics(
        long step,
        int epoch,
        double loss,
        double accuracy,
        double gradientNorm,
        long samples,
        double seconds,
        double computeSeconds,
        double sparkSeconds,
        double solveSeconds) {}
