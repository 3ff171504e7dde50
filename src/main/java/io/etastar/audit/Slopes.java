package io.etastar.audit;

import io.etastar.curvature.Interactions;
import io.etastar.curvature.PredictedDecrease;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.solve.StepLength;
import java.util.Arrays;
import java.util.List;

/**
 * Slopes and curvature of the loss along a step of an optimizer, batch by batch: derivatives in the rates of all tensors of theta_s - eta_s u_s, u being
 * what the step subtracts, so that eta = 1 is the optimizer's own rate.
 *
 * @param batches mean summaries, at least one
 */
record Slopes(List<DerivativeSummary> batches) {
    /** Weight of the cubic term, that of summaries by default. */
    private static final double DAMPING = 1;

    /** Number of tensors. */
    int size() {
        return batches.get(0).size();
    }

    /**
     * The rates at which each batch's loss is least in the model of the third order, if these tensors step alone, as one; 0 if the loss
     * rises along the step, infinite if nothing bounds it.
     *
     * @param tensors numbers of them
     */
    double[] own(int... tensors) {
        return batches.stream().mapToDouble(batch -> rate(batch, tensors)).toArray();
    }

    /** The mean over the batches; samples and loss are those of the first. */
    DerivativeSummary mean() {
        DerivativeSummary mean = batches.get(0);
        for (int i = 1; i < batches.size(); i++) {
            mean = mean.mix(i / (i + 1.0), batches.get(i));
        }
        return mean;
    }

    private static double rate(DerivativeSummary batch, int... tensors) {
        double[] g = batch.g();
        double[][] h = batch.h();
        double[] third = batch.order3();
        double slope = 0;
        double curvature = 0;
        double bound = 0;
        for (int s : tensors) {
            slope += g[s];
            bound += Math.pow(Math.abs(third[s]), 2 / 3.0);
            for (int t : tensors) {
                curvature += h[s][t];
            }
        }
        boolean unbounded = slope > 0 && curvature <= 0 && bound == 0;
        return unbounded ? Double.POSITIVE_INFINITY : StepLength.of(slope, curvature, DAMPING * Math.pow(bound, 1.5));
    }

    /** H_st / sqrt(|H_ss H_tt|) of all batches together [S, S]; NaN where H_ss or H_tt is 0. */
    double[][] interactions() {
        return Interactions.of(mean().h()).normalised();
    }

    /** Decrease of the mean loss after all tensors stepped with one rate, in the model of the third order. */
    double predicted(double eta) {
        DerivativeSummary mean = mean();
        double[] rates = new double[size()];
        Arrays.fill(rates, eta);
        return PredictedDecrease.ofModel(mean.g(), mean.h(), mean.order3(), DAMPING, rates);
    }
}
