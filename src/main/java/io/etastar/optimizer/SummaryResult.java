package io.etastar.optimizer;

import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeSummary;
import java.util.List;

/**
 * One summary and the learning rates solved from it.
 *
 * @param index number of the summary, from 0
 * @param groups names of the tensors of each subset [S]; null if it is not said
 * @param mean the summary divided by its samples
 * @param eta the solution eta* [S]; null if there is none or none was asked for
 * @param learningRates as used: smoothed, clipped and damped [S]
 * @param r |D eta|
 * @param solverCase which case of the solver applied
 * @param solveSeconds time of the solve
 * @param lossAfter mean loss of the summary's batch after the step, NaN if it was not measured
 */
public record SummaryResult(
        long index,
        List<List<String>> groups,
        DerivativeSummary mean,
        double[] eta,
        double[] learningRates,
        double r,
        String solverCase,
        double solveSeconds,
        double lossAfter) {
    /** A summary whose subsets are not named and whose step was not measured. */
    public SummaryResult(
            long index,
            DerivativeSummary mean,
            double[] eta,
            double[] learningRates,
            double r,
            String solverCase,
            double solveSeconds) {
        this(index, null, mean, eta, learningRates, r, solverCase, solveSeconds, Double.NaN);
    }

    /** This summary with its subsets named. */
    public SummaryResult of(Partition partition) {
        return new SummaryResult(
                index, partition.groups(), mean, eta, learningRates, r, solverCase, solveSeconds, lossAfter);
    }

    /** This summary with the loss after its step. */
    public SummaryResult after(double loss) {
        return new SummaryResult(index, groups, mean, eta, learningRates, r, solverCase, solveSeconds, loss);
    }
}
