package io.etastar.experiment;

import io.etastar.curvature.PredictedDecrease;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.solve.EtaSolution;
import io.etastar.solve.EtaSolver;

/**
 * A step theta_s - eta*_s u_s of solved rates, lambda 1.
 *
 * @param predicted decrease of the loss by the model that is solved; NaN without a solution
 * @param decrease measured; below 0 if the loss rises, NaN without a solution
 */
record SolvedStep(double predicted, double decrease) {
    private static final double DAMPING_INT = 1;

    /** Mean loss of the rows of a summary elsewhere. */
    @FunctionalInterface
    interface Losses {
        double at(double[] theta);
    }

    /**
     * Solves and steps.
     *
     * @param mean derivatives of the mean loss along {@code direction}
     * @param h in the place of its H
     * @param theta [P], left as it is
     * @param direction [P], left as it is
     */
    static SolvedStep of(
            DerivativeSummary mean,
            double[][] h,
            Partition partition,
            double[] theta,
            double[] direction,
            Losses losses) {
        EtaSolution solution = EtaSolver.solve(mean.g(), h, mean.order3(), DAMPING_INT);
        double[] eta = solution.eta();
        if (eta == null) {
            return new SolvedStep(Double.NaN, Double.NaN);
        }
        double predicted = PredictedDecrease.ofModel(mean.g(), h, mean.order3(), DAMPING_INT, eta);
        double[] moved = theta.clone();
        ParameterLayout layout = partition.layout();
        for (int i = 0; i < layout.count(); i++) {
            double rate = eta[partition.subsetOf(i)];
            for (int p = layout.offset(i); p < layout.offset(i) + layout.length(i); p++) {
                moved[p] -= rate * direction[p];
            }
        }
        return new SolvedStep(predicted, mean.loss() - losses.at(moved));
    }

    /** The diagonal of a matrix, 0 elsewhere, new. */
    static double[][] diagonal(double[][] h) {
        double[][] diagonal = new double[h.length][h.length];
        for (int s = 0; s < h.length; s++) {
            diagonal[s][s] = h[s][s];
        }
        return diagonal;
    }
}
