package io.etastar.optimizer.newton;

import io.etastar.optimizer.State;
import io.etastar.quantity.DerivativeSummary;
import java.io.Serializable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A bound of rates by what the summaries so far support, undamped: a step eta u is no more than {@code most} times as long as the one along it
 * that averages of the derivatives take.
 *
 * <p>Rates hold for steps whose direction may be a hundred times as long as that of their summary, and a batch on which the loss is all but
 * flat, as those without a rare class, gives rates of any size. The averages are of derivatives in units of the lengths of the direction in
 * the subsets, g_s / |u_s|, H_st / (|u_s| |u_t|) and D_s = |order3_s|^(1/3) / |u_s|, with bias correction. Along e_s = |u_s| eta_s they take
 * r e, r the positive root of e'He r + |D e|^3 r^2 / 2 = sum_s |e_s g_s|, if there is one: a summary that is alone supports its own solution, and scales of
 * subsets do not matter.
 */
final class RateBound {
    private static final String MEAN = "mean";
    private static final String WEIGHT = "weight";

    /** Share of the averages that is kept at each summary: they remember seven or so. */
    private static final double KEPT = 0.86;

    private final double most;
    private final int size;
    private double weight;
    /** g, D and rows of H; never changed. */
    private double[] mean;

    /**
     * @param most 0 for no bound
     * @param size S
     */
    public RateBound(double most, int size) {
        this.most = most;
        this.size = size;
    }

    /**
     * Takes a summary in.
     *
     * @param latest its mean
     * @param lengths |u_s| [S]
     */
    public void accept(DerivativeSummary latest, double[] lengths) {
        if (most == 0) {
            return;
        }
        double[] inverse = Arrays.stream(lengths).map(u -> u > 0 ? 1 / u : 0).toArray();
        double[] next = new double[(2 + size) * size];
        for (int s = 0; s < size; s++) {
            next[s] = latest.g()[s] * inverse[s];
            next[size + s] = Math.cbrt(Math.abs(latest.order3()[s])) * inverse[s];
            for (int t = 0; t < size; t++) {
                next[(2 + s) * size + t] = latest.h()[s][t] * inverse[s] * inverse[t];
            }
        }
        weight = KEPT * weight + 1 - KEPT;
        for (int i = 0; mean != null && i < next.length; i++) {
            next[i] = mean[i] + (1 - KEPT) / weight * (next[i] - mean[i]);
        }
        mean = next;
    }

    /** The bound as it is now, to travel. */
    public Snapshot snapshot() {
        return new Snapshot(most, mean);
    }

    /** The averages, by name; copies. */
    public Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        if (mean != null) {
            state.put(WEIGHT, new double[] {weight});
            state.put(MEAN, mean.clone());
        }
        return state;
    }

    /** Takes back what {@link #state()} gave. */
    public void restore(Map<String, double[]> state) {
        double[] restored = State.optional(state, MEAN, (2 + size) * size);
        weight = restored == null ? 0 : State.array(state, WEIGHT, 1)[0];
        mean = restored;
    }

    /**
     * A bound at one time.
     *
     * @param most 0 for no bound
     * @param mean g, D and rows of H; null before the first summary; shared
     */
    public record Snapshot(double most, double[] mean) implements Serializable {
        /**
         * What is left of rates, in [0, 1]; 1 if nothing bounds them.
         *
         * @param eta undamped rates [S]
         * @param lengths of the direction that they are along [S]
         */
        public double share(double[] eta, double[] lengths) {
            if (most == 0 || mean == null) {
                return 1;
            }
            int size = eta.length;
            double[] e = new double[size];
            double[] g = new double[size];
            double[][] h = new double[size][];
            for (int s = 0; s < size; s++) {
                e[s] = eta[s] * lengths[s];
                g[s] = Math.signum(e[s]) * Math.abs(mean[s]);
                h[s] = Arrays.copyOfRange(mean, (2 + s) * size, (3 + s) * size);
            }
            double slope =
                    IntStream.range(0, size).mapToDouble(s -> e[s] * g[s]).sum();
            double along = LengthSolver.along(e, g, h, Arrays.copyOfRange(mean, size, 2 * size));
            boolean unbounded = slope > 0 && along == 0;
            return unbounded || Arrays.stream(e).allMatch(length -> length == 0) ? 1 : Math.min(1, most * along);
        }
    }
}
