package io.etastar.optimizer;

import java.util.Map;

/** One training method: updates the parameters in place, a step at a time. */
public interface Optimizer {
    /**
     * One step.
     *
     * @param objective where gradients and summaries come from
     * @param theta parameters [P], updated in place
     * @param step number of the step, from 0
     * @return what happened, for metrics
     */
    StepResult step(Objective objective, double[] theta, long step);

    /**
     * Told at the end of each epoch, before its checkpoint.
     *
     * @param meanTrainingLoss mean of the batch losses of the epoch
     */
    default void endEpoch(double meanTrainingLoss) {}

    /** Summaries, or line searches, so far, restarts included, that gave no step. */
    default long noSolution() {
        return 0;
    }

    /** Everything needed to go on after a restart, by name; copies. Equal states make equal futures. */
    Map<String, double[]> state();

    /**
     * Takes back what {@link #state()} gave; the arrays are copied.
     *
     * @throws IllegalArgumentException if the state is another optimizer's, or of another size
     */
    void restore(Map<String, double[]> state);
}
