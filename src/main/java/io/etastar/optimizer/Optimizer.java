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

    /** Everything needed to go on after a restart, by name; copies. Equal states make equal futures. */
    Map<String, double[]> state();

    /** Takes back what {@link #state()} gave. */
    void restore(Map<String, double[]> state);
}
