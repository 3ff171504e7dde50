package io.etastar.optimizer;

import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.PeriodSum;
import io.etastar.settings.BaseRuleSettings;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;

/**
 * Steps that each shard makes by itself, on its own part of the batches, before parameters and the base rule's state are
 * averaged: local SGD (S. Stich, arXiv 1805.09767) with any base rule and a rate for each subset.
 *
 * @param rule the base rule
 * @param partition the S subsets
 * @param rates of each step [steps][S], as they are used
 * @param normalise whether each subset's direction is brought to unit norm
 * @param summarise whether the shard's part of the summary batch is summarised along its own first direction u_i: the sum over
 *     shards then has the derivatives of sum_i L_i(theta - eta u_i), the loss that these steps go down
 */
public record LocalSteps(
        BaseRuleSettings rule, Partition partition, double[][] rates, boolean normalise, boolean summarise)
        implements Serializable {
    /** What a shard can be asked for. */
    public interface LocalRows {
        /** Loss and gradient over the shard's rows of step {@code i} of these; null if it has none. */
        GradientSum gradient(double[] theta, int i);

        /** Derivatives over the shard's rows of the summary batch; null if it has none. */
        DerivativeSummary summary(double[] theta, double[] direction);
    }

    /**
     * Makes the steps.
     *
     * @param rows of the shard
     * @param start parameters [P]; kept
     * @param state of the rule before the first step; kept
     * @param share of the shard in the means
     */
    public PeriodSum run(LocalRows rows, double[] start, Map<String, double[]> state, double share) {
        BaseRule base = BaseRules.create(rule, partition.layout());
        if (!state.isEmpty()) {
            base.restore(state);
        }
        double[] theta = start.clone();
        LossSum[] losses = new LossSum[rates.length];
        Arrays.fill(losses, LossSum.ZERO);
        double[] norms = new double[rates.length];
        DerivativeSummary summary = null;
        boolean due = summarise;
        for (int i = 0; i < rates.length; i++) {
            GradientSum sum = rows.gradient(theta, i);
            if (sum == null || sum.loss().samples() == 0) {
                continue;
            }
            double[] gradient = sum.meanGradient();
            losses[i] = sum.loss();
            norms[i] = ParameterVectors.euclidean(gradient);
            double[] direction = base.direction(gradient, theta);
            direction = normalise ? Subsets.normalised(partition, direction) : direction;
            summary = due ? rows.summary(theta, direction) : summary;
            due = false;
            Subsets.move(partition, theta, direction, rates[i]);
        }
        return new PeriodSum(share, theta, base.state(), losses, norms, summary);
    }
}
