package io.etastar.optimizer;

import java.util.Map;

/** The direction u of a step, without a learning rate: the step is theta - eta u. Keeps state from step to step. */
public interface BaseRule {
    /**
     * The direction at theta; advances the state.
     *
     * @param meanGradient gradient of the mean loss [P]; left as it is
     * @param theta parameters [P]; left as it is
     * @return u [P], valid until the next call; either new or the rule's own: to be read only
     */
    double[] direction(double[] meanGradient, double[] theta);

    /**
     * The direction at theta by a rule that may ask for more of the step's batch than its gradient; advances the state.
     *
     * @param objective where the gradient came from
     * @param step number of the step, from 0
     */
    default double[] direction(Objective objective, double[] meanGradient, double[] theta, long step) {
        return direction(meanGradient, theta);
    }

    /** Everything needed to go on after a restart, by name; copies. */
    Map<String, double[]> state();

    /**
     * Takes back what {@link #state()} gave; the arrays are copied.
     *
     * @throws IllegalArgumentException if the state is another rule's, or of another size
     */
    void restore(Map<String, double[]> state);
}
