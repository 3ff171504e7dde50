package io.etastar.optimizer;

import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.DerivativeTensor;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.PeriodSum;
import io.etastar.quantity.Quantity;
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
 * @param move direction and rates of each step
 * @param asked what is wanted along the shard's own first direction u_i, as {@code move} has it
 */
public record LocalSteps(BaseRuleSettings rule, Partition partition, Move move, Asked asked) implements Serializable {
    /** How far shards step, and along what. */
    public interface Move extends Serializable {
        /** Number of steps. */
        int steps();

        /**
         * What a step is along; a new array, or {@code direction} itself.
         *
         * @param direction of the base rule [P]
         */
        double[] along(Partition partition, double[] direction);

        /**
         * The rates of step {@code i} of these [S]; kept by the callee.
         *
         * @param gradient mean over the shard's rows [P]
         * @param along what the step is along [P]
         */
        double[] rates(int i, double[] gradient, double[] along);
    }

    /**
     * Rates that are known before.
     *
     * @param rates of each step [steps][S], as they are used
     * @param normalise whether each subset's direction is brought to unit norm
     */
    public record Rates(double[][] rates, boolean normalise) implements Move {
        @Override
        public int steps() {
            return rates.length;
        }

        @Override
        public double[] along(Partition partition, double[] direction) {
            return normalise ? Subsets.normalised(partition, direction) : direction;
        }

        @Override
        public double[] rates(int i, double[] gradient, double[] along) {
            return rates[i];
        }
    }

    /**
     * What is asked for besides the steps.
     *
     * @param summary of the shard's part of the summary batch: the sum over shards has the derivatives of sum_i L_i(theta - eta u_i),
     *     the loss that these steps go down; null if none is due
     * @param others over how many rows of all shards, other than those that a shard's u_i was made from, slopes are
     *     wanted beside the summary; 0 for none
     */
    public record Asked(Quantity.Summary summary, int others) implements Serializable {
        /** Steps alone. */
        public static final Asked NOTHING = new Asked(null, 0);
    }

    /** What a shard can be asked for. */
    public interface LocalRows {
        /** Loss and gradient over the shard's rows of step {@code i} of these; null if it has none. */
        GradientSum gradient(double[] theta, int i);

        /** Derivatives over the shard's rows of the summary batch; null if it has none. */
        DerivativeSummary summary(double[] theta, double[] direction);

        /** Slopes over rows of the shard other than those of step {@code i}; null if it has none. */
        DerivativeTensor slopes(double[] theta, double[] direction, int i);
    }

    /** Number of steps. */
    public int count() {
        return move.steps();
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
        LossSum[] losses = new LossSum[count()];
        Arrays.fill(losses, LossSum.ZERO);
        double[] norms = new double[count()];
        PeriodSum.Derivatives derivatives = null;
        for (int i = 0; i < count(); i++) {
            GradientSum sum = rows.gradient(theta, i);
            if (sum == null || sum.loss().samples() == 0) {
                continue;
            }
            double[] gradient = sum.meanGradient();
            losses[i] = sum.loss();
            norms[i] = ParameterVectors.euclidean(gradient);
            double[] along = move.along(partition, base.direction(gradient, theta));
            derivatives = derivatives == null ? derivatives(rows, theta, along, i) : derivatives;
            Subsets.move(partition, theta, along, move.rates(i, gradient, along));
        }
        return new PeriodSum(share, theta, base.state(), losses, norms, derivatives);
    }

    private PeriodSum.Derivatives derivatives(LocalRows rows, double[] theta, double[] along, int i) {
        DerivativeSummary summary = asked.summary() != null ? rows.summary(theta, along) : null;
        boolean others = summary != null && asked.others() > 0;
        double[] squares = summary == null ? null : squares(along, summary.samples());
        return new PeriodSum.Derivatives(summary, others ? rows.slopes(theta, along, i) : null, squares);
    }

    private double[] squares(double[] along, double samples) {
        return Arrays.stream(Subsets.norms(partition, along))
                .map(norm -> samples * norm * norm)
                .toArray();
    }
}
