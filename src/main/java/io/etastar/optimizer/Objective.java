package io.etastar.optimizer;

import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientAndSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.HessianVectorSum;
import io.etastar.quantity.KroneckerFactors;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.PeriodSum;
import java.util.Map;

/**
 * What an optimizer may ask of the data: each method is one distributed pass over one batch.
 *
 * <p>Batches are named by number alone: the same number is the same batch, whenever it is asked for. Results are sums over
 * the batch with their weights; divide by {@code samples} for means. Callers keep ownership of the arrays they pass.
 */
public interface Objective {
    /** Layout of theta. */
    ParameterLayout layout();

    /**
     * Loss and gradient on training batch {@code step}.
     *
     * @param theta parameters [P]
     * @param step number of the training step, from 0
     */
    GradientSum gradient(double[] theta, long step);

    /**
     * Derivative summary on summary batch {@code index}.
     *
     * @param theta parameters [P]
     * @param direction u [P]; the step will be theta - eta_s u_s
     * @param partition the S subsets
     * @param index number of the summary, from 0
     */
    DerivativeSummary summary(double[] theta, double[] direction, Partition partition, long index);

    /**
     * Gradient on training batch {@code step} and summary {@code index}, which takes that batch if it has none of its
     * own; in one pass where the objective can.
     *
     * @param theta parameters [P]
     * @param direction u [P] of the summary
     * @param partition the S subsets
     * @param step number of the training step, from 0
     * @param index number of the summary, from 0
     */
    default GradientAndSummary gradientAndSummary(
            double[] theta, double[] direction, Partition partition, long step, long index) {
        return new GradientAndSummary(gradient(theta, step), summary(theta, direction, partition, index));
    }

    /**
     * Steps that shards make by themselves, averaged: one pass.
     *
     * @param steps what to do
     * @param theta parameters [P]
     * @param state of the base rule
     * @param step number of the first training step, from 0
     * @param index number of the summary, from 0; not looked at if none is asked for
     * @throws UnsupportedOperationException if the objective has no such pass
     */
    default PeriodSum localSteps(LocalSteps steps, double[] theta, Map<String, double[]> state, long step, long index) {
        throw new UnsupportedOperationException(getClass().getName() + " has no local steps");
    }

    /**
     * Losses along a direction, on summary batch {@code index}: one pass, no gradients.
     *
     * @param theta parameters [P]
     * @param direction u [P]
     * @param rates the points are theta - rates[i] u
     * @param index number of the summary batch, from 0
     * @return loss at each point, in order
     * @throws UnsupportedOperationException if the objective has no such pass
     */
    default LossSum[] losses(double[] theta, double[] direction, double[] rates, long index) {
        throw new UnsupportedOperationException(getClass().getName() + " has no losses along a direction");
    }

    /**
     * Product of the full Hessian [P, P] of the loss with a vector, on training batch {@code step}.
     *
     * @param theta parameters [P]
     * @param vector v [P]
     * @param step number of the training step, from 0
     * @throws UnsupportedOperationException if the objective has gradients and summaries alone
     */
    default HessianVectorSum hessianVector(double[] theta, double[] vector, long step) {
        throw new UnsupportedOperationException(getClass().getName() + " has no Hessian-vector products");
    }

    /**
     * Kronecker factors of the layers' Fisher matrices, on training batch {@code step}.
     *
     * @param theta parameters [P]
     * @param step number of the training step, from 0
     * @param sampled whether labels are drawn from the model's own distribution, which is the Fisher matrix proper, else
     *     those of the data are taken: the empirical one
     * @throws UnsupportedOperationException if the objective has no such pass
     */
    default KroneckerFactors kroneckerFactors(double[] theta, long step, boolean sampled) {
        throw new UnsupportedOperationException(getClass().getName() + " has no Kronecker factors");
    }
}
