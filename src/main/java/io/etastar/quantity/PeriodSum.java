package io.etastar.quantity;

import io.etastar.tensor.RawArray;
import java.io.Serializable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The result of local steps of shards: parameters and the base rule's state as weighted means, all else as sums.
 *
 * <p>Each shard's share is that of its rows among all rows of these steps; the shares add up to 1.
 */
public final class PeriodSum implements Sum<PeriodSum> {
    private static final long serialVersionUID = 1L;

    private final RawArray theta;
    private final LinkedHashMap<String, RawArray> state;
    private final LossSum[] losses;
    private final double[] norms;
    private Derivatives derivatives;

    /**
     * Derivatives along a shard's first direction, summed over rows.
     *
     * @param summary over its part of the summary batch, or null
     * @param others slopes over other rows than those that the direction was made from, or null
     * @param squares the summary's samples times the squares of the direction's Euclidean norms in the subsets [S]; null without a
     *     summary
     */
    public record Derivatives(DerivativeSummary summary, DerivativeTensor others, double[] squares)
            implements Serializable {
        private static final Derivatives NONE = new Derivatives(null, null, null);

        private Derivatives merge(Derivatives other) {
            return new Derivatives(
                    Sum.merged(summary, other.summary), Sum.merged(others, other.others), sum(squares, other.squares));
        }

        private static double[] sum(double[] a, double[] b) {
            if (a == null || b == null) {
                return a == null ? b : a;
            }
            return IntStream.range(0, a.length).mapToDouble(s -> a[s] + b[s]).toArray();
        }
    }

    /**
     * The part of one shard.
     *
     * @param share of the shard, in (0, 1]
     * @param theta parameters [P] after its steps; scaled in place and kept
     * @param state of its base rule, by name; scaled in place and kept
     * @param losses sums over its rows of each step; kept
     * @param norms Euclidean norm of its mean gradient in each step
     * @param derivatives along its first direction; null for none
     */
    public PeriodSum(
            double share,
            double[] theta,
            Map<String, double[]> state,
            LossSum[] losses,
            double[] norms,
            Derivatives derivatives) {
        this.theta = scaled(share, theta);
        this.state = new LinkedHashMap<>();
        state.forEach((name, values) -> this.state.put(name, scaled(share, values)));
        this.losses = losses;
        this.norms = norms.clone();
        for (int i = 0; i < norms.length; i++) {
            this.norms[i] *= losses[i].samples();
        }
        this.derivatives = derivatives == null ? Derivatives.NONE : derivatives;
    }

    private static RawArray scaled(double share, double[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= share;
        }
        return RawArray.of(values);
    }

    /** Mean parameters [P]; shared. */
    public double[] theta() {
        return theta.doubles();
    }

    /** Mean state of the base rule, by name; arrays are shared. Counts are means too: round them. */
    public Map<String, double[]> state() {
        Map<String, double[]> means = new LinkedHashMap<>();
        state.forEach((name, values) -> means.put(name, values.doubles()));
        return means;
    }

    /** Number of steps. */
    public int steps() {
        return losses.length;
    }

    /** Sums over the rows of step {@code i} of all shards, each at its own parameters. */
    public LossSum loss(int i) {
        return losses[i];
    }

    /** Mean of the norms of the shards' mean gradients in step {@code i}, weighted by their samples. */
    public double gradientNorm(int i) {
        return norms[i] / losses[i].samples();
    }

    /** Derivatives along the shards' directions, summed over rows; null if none were asked for. */
    public DerivativeSummary summary() {
        return derivatives.summary();
    }

    /** Roots of the mean squares of the norms of the shards' directions in the subsets [S], weighted by the summary's samples. */
    public double[] lengths() {
        double samples = summary().samples();
        return Arrays.stream(derivatives.squares())
                .map(square -> Math.sqrt(square / samples))
                .toArray();
    }

    /** Slopes along the shards' directions over other rows, summed; null if none were asked for. */
    public DerivativeTensor others() {
        return derivatives.others();
    }

    /** Adds {@code other}, with as many steps, in place and returns this. */
    @Override
    public PeriodSum merge(PeriodSum other) {
        theta.addInPlace(other.theta);
        state.forEach((name, values) -> values.addInPlace(other.state.get(name)));
        for (int i = 0; i < losses.length; i++) {
            losses[i] = losses[i].plus(other.losses[i]);
            norms[i] += other.norms[i];
        }
        derivatives = derivatives.merge(other.derivatives);
        return this;
    }
}
