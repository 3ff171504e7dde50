package io.etastar.optimizer.newton;

import io.etastar.optimizer.State;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.settings.NewtonSettings.AverageSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the solver is given after each summary: the summary itself, or an average over the last ones. Of an average only the
 * derivatives count, and only they are kept in a state.
 */
interface SummaryAverage {
    /**
     * Takes the next summary in.
     *
     * @param latest the summary's mean; shared, never changed
     * @return what to solve; not changed by later calls
     */
    DerivativeSummary accept(DerivativeSummary latest);

    /** Everything needed to resume after a restart, by name; copies. */
    Map<String, double[]> state();

    /** Takes back what {@link #state()} gave. */
    void restore(Map<String, double[]> state);

    /** @param size S */
    static SummaryAverage create(AverageSettings settings, int size) {
        return switch (settings.kind()) {
            case "moving" -> new Moving(settings.decay(), settings.decayD(), size);
            case "uniform" -> new Uniform(settings.period(), size);
            default -> new None();
        };
    }

    /** The summary of that name in a state, or null. */
    private static DerivativeSummary summary(Map<String, double[]> state, String name, int size) {
        double[] derivatives = State.optional(state, name, DerivativeSummary.derivatives(size));
        return derivatives == null ? null : DerivativeSummary.ofDerivatives(size, derivatives);
    }

    /** No average: each summary stands for itself. */
    final class None implements SummaryAverage {
        @Override
        public DerivativeSummary accept(DerivativeSummary latest) {
            return latest;
        }

        @Override
        public Map<String, double[]> state() {
            return Map.of();
        }

        @Override
        public void restore(Map<String, double[]> state) {}
    }

    /**
     * Exponential averages: X = decay X + (1 - decay) x of x = (H, g, order3), and of D = |order3|^(1/3) of that X in the same
     * way with a decay of its own; the first summary is taken as it is.
     */
    final class Moving implements SummaryAverage {
        private static final String MEAN = "mean";
        private static final String D = "d";

        private final double decay;
        private final double decayD;
        private final int size;
        private DerivativeSummary mean;
        private double[] d;

        Moving(double decay, double decayD, int size) {
            this.decay = decay;
            this.decayD = decayD;
            this.size = size;
        }

        @Override
        public DerivativeSummary accept(DerivativeSummary latest) {
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
                state.put(MEAN, mean.derivatives());
                state.put(D, d.clone());
            }
            return state;
        }

        @Override
        public void restore(Map<String, double[]> state) {
            DerivativeSummary restored = summary(state, MEAN, size);
            d = State.optional(state, D, size);
            mean = restored;
        }
    }

    /**
     * The plain mean of (H, g, order3) over the last whole block of {@code period} summaries and the summaries of the current
     * block; in the first block over all so far.
     */
    final class Uniform implements SummaryAverage {
        private static final String COUNT = "count";
        private static final String WHOLE = "mean";
        private static final String BLOCK = "block";

        private final int period;
        private final int size;
        private long count;
        private DerivativeSummary whole;
        private DerivativeSummary block;

        Uniform(int period, int size) {
            this.period = period;
            this.size = size;
        }

        @Override
        public DerivativeSummary accept(DerivativeSummary latest) {
            long inBlock = count % period;
            if (inBlock == 0) {
                whole = count == 0 ? latest : block;
                block = latest;
            }
            double before = inBlock + (count < period ? 0 : period);
            whole = whole.mix(before / (before + 1), latest);
            block = block.mix(inBlock / (inBlock + 1.0), latest);
            count++;
            return whole;
        }

        @Override
        public Map<String, double[]> state() {
            Map<String, double[]> state = new LinkedHashMap<>();
            state.put(COUNT, State.count(count));
            if (whole != null) {
                state.put(WHOLE, whole.derivatives());
                state.put(BLOCK, block.derivatives());
            }
            return state;
        }

        @Override
        public void restore(Map<String, double[]> state) {
            DerivativeSummary restoredWhole = summary(state, WHOLE, size);
            DerivativeSummary restoredBlock = summary(state, BLOCK, size);
            count = State.count(state, COUNT);
            whole = restoredWhole;
            block = restoredBlock;
        }
    }
}
