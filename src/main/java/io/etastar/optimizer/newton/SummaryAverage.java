package io.etastar.optimizer.newton;

import io.etastar.settings.NewtonSettings.AverageSettings;
import java.util.Map;

/** What the solver is given after each summary: the summary itself, or an average over the last ones. */
interface SummaryAverage {
    /**
     * Takes the next summary in.
     *
     * @return what to solve; not changed by later calls
     */
    Derivatives accept(Derivatives latest);

    /** Everything needed to go on after a restart, by name; copies. */
    Map<String, double[]> state();

    /** Takes back what {@link #state()} gave. */
    void restore(Map<String, double[]> state);

    /** @param size S */
    static SummaryAverage create(AverageSettings settings, int size) {
        return switch (settings.kind()) {
            case "moving" -> new MovingAverage(settings.decay(), settings.decayD(), size);
            case "uniform" -> new UniformAverage(settings.period(), size);
            default -> new NoAverage();
        };
    }

    /** Each summary stands for itself. */
    final class NoAverage implements SummaryAverage {
        @Override
        public Derivatives accept(Derivatives latest) {
            return latest;
        }

        @Override
        public Map<String, double[]> state() {
            return Map.of();
        }

        @Override
        public void restore(Map<String, double[]> state) {}
    }
}
