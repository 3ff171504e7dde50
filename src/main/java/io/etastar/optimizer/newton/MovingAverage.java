package io.etastar.optimizer.newton;

import io.etastar.optimizer.State;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Exponential averages: X = decay X + (1 - decay) x of x = (H, g, order3), and of D = |order3|^(1/3) of that X in the same
 * way with a decay of its own; the first summary is taken as it is.
 */
final class MovingAverage implements SummaryAverage {
    private static final String MEAN = "mean";
    private static final String D = "d";

    private final double decay;
    private final double decayD;
    private final int size;
    private Derivatives mean;
    private double[] d;

    MovingAverage(double decay, double decayD, int size) {
        this.decay = decay;
        this.decayD = decayD;
        this.size = size;
    }

    @Override
    public Derivatives accept(Derivatives latest) {
        mean = mean == null ? latest : mean.mix(decay, latest);
        double[] order3 = mean.order3();
        boolean first = d == null;
        d = first ? new double[size] : d;
        double[] cubes = new double[size];
        for (int s = 0; s < size; s++) {
            double now = Math.cbrt(Math.abs(order3[s]));
            d[s] = first ? now : decayD * d[s] + (1 - decayD) * now;
            cubes[s] = d[s] * d[s] * d[s];
        }
        return mean.withOrder3(cubes);
    }

    @Override
    public Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        if (mean != null) {
            state.put(MEAN, mean.toArray());
            state.put(D, d.clone());
        }
        return state;
    }

    @Override
    public void restore(Map<String, double[]> state) {
        double[] values = State.optional(state, MEAN, Derivatives.length(size));
        d = State.optional(state, D, size);
        mean = values == null ? null : Derivatives.of(size, values);
    }
}
