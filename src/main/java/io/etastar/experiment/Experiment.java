package io.etastar.experiment;

import io.etastar.figure.LineChart;
import java.util.List;

/** One kind of experiment with its settings. */
public interface Experiment {
    /**
     * Finds the mistakes in an optimizer's keys before anything is run.
     *
     * @throws io.etastar.UserError if the optimizer cannot be run
     */
    void check(OptimizerEntry optimizer);

    /**
     * One run; the same seed gives the same figures.
     *
     * @param optimizer one of the experiment's
     * @param seed of everything that is drawn; runs with the same seed are equal in all but the optimizer
     * @param losses takes the loss of each step
     * @return the same figures in the same order for every seed
     */
    Outcome run(OptimizerEntry optimizer, long seed, StepLosses losses);

    /** What is drawn of the runs' curves. */
    default List<Chart> charts() {
        return List.of();
    }

    /**
     * A chart: a curve for each optimizer.
     *
     * @param name of the runs' curves, and of the file
     * @param title what it shows
     * @param x title of the horizontal axis
     * @param y vertical axis
     */
    record Chart(String name, String title, String x, LineChart.Axis y) {}

    /** Takes the losses of a run as they come. */
    interface StepLosses {
        /** Forgets them. */
        StepLosses NONE = (step, loss) -> {};

        /**
         * One step.
         *
         * @param step from 0
         * @param loss mean loss of the step's batch, where the step's gradient was taken
         */
        void step(long step, double loss);
    }
}
