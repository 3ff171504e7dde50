package io.etastar.optimizer;

import io.etastar.summary.DerivativeSummary;

/**
 * One summary and the learning rates solved from it.
 *
 * @param index number of the summary, from 0
 * @param mean the summary divided by its samples
 * @param eta the solution eta* [S]; null where there is none or none was asked for
 * @param learningRates as used: smoothed, clipped and damped [S]
 * @param r |D eta|
 * @param solverCase which case of the solver applied
 * @param solveSeconds time of the solve
 */
public record SummaryResult(
        long index,
        DerivativeSummary mean,
        double[] eta,
        double[] learningRates,
        double r,
        String solverCase,
        double solveSeconds) {}
