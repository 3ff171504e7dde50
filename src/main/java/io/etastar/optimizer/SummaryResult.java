package io.etastar.optimizer;

import io.etastar.quantity.Curvature;
import io.etastar.quantity.DerivativeSummary;
import java.io.Serializable;
import java.util.List;

/**
 * One summary and the learning rates solved from it.
 *
 * @param index number of the summary, from 0
 * @param groups names of the tensors of each subset [S]; null if they have none
 * @param mean the summary divided by its samples
 * @param curvature which matrix the summary's H is
 * @param solution what the summary was solved to
 * @param learningRates as used: smoothed, clipped and damped [S]
 * @param lossAfter mean loss of the summary's batch after the step, NaN if it was not measured
 */
public record SummaryResult(
        long index,
        List<List<String>> groups,
        DerivativeSummary mean,
        Curvature curvature,
        Solution solution,
        double[] learningRates,
        double lossAfter)
        implements Serializable {
    /**
     * What a summary was solved to.
     *
     * @param eta the solution eta* [S]; null if there is none or none was asked for
     * @param r |D eta|
     * @param solverCase which case of the solver applied
     * @param seconds time of the solve
     */
    public record Solution(double[] eta, double r, String solverCase, double seconds) implements Serializable {}

    /** Of a summary with the Hessian. */
    public SummaryResult(
            long index,
            List<List<String>> groups,
            DerivativeSummary mean,
            Solution solution,
            double[] learningRates,
            double lossAfter) {
        this(index, groups, mean, Curvature.HESSIAN, solution, learningRates, lossAfter);
    }

    /** This summary with the loss after its step. */
    public SummaryResult after(double loss) {
        return new SummaryResult(index, groups, mean, curvature, solution, learningRates, loss);
    }
}
