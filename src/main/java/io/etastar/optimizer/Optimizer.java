package io.etastar.optimizer;

import io.etastar.quantity.LossSum;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/** One training method: updates the parameters in place, a step at a time. */
public interface Optimizer {
    /** Makes an optimizer in its initial state; travels to executors. */
    @FunctionalInterface
    interface Factory extends Serializable {
        Optimizer create();
    }

    /**
     * One step.
     *
     * @param objective where gradients and summaries come from
     * @param theta parameters [P], updated in place
     * @param step number of the step, from 0
     * @return what happened, for metrics
     */
    StepResult step(Objective objective, double[] theta, long step);

    /** {@link #step}, or a step that does nothing, over no samples, if all rows of its batch have weight 0. */
    default StepResult stepIfWeighted(Objective objective, double[] theta, long step) {
        try {
            return step(objective, theta, step);
        } catch (Objective.NoWeight none) {
            return new StepResult(LossSum.ZERO, 0, null);
        }
    }

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

    /**
     * The parameters [P] that are evaluated and become the model after a step: theta itself, or an average over the steps so far; shared.
     *
     * @param theta after the step
     */
    default double[] averaged(double[] theta) {
        return theta;
    }

    /**
     * Everything needed to resume after a restart, by name; copies. Optimizers restored from equal states take identical
     * steps.
     */
    Map<String, double[]> state();

    /** How many numbers {@link #state()} has now. */
    default long stateSize() {
        return state().values().stream().mapToLong(values -> values.length).sum();
    }

    /**
     * Takes back what {@link #state()} gave; the arrays are copied.
     *
     * @throws IllegalArgumentException if the state is another optimizer's, or of another size
     */
    void restore(Map<String, double[]> state);

    /** An optimizer whose shards can make several steps by themselves before their parameters are averaged. */
    interface Local extends Optimizer {
        /**
         * Up to {@code count} steps, in one pass if possible.
         *
         * @param objective where gradients and summaries come from
         * @param theta parameters [P], updated in place to the mean over the shards
         * @param step number of the first step, from 0
         * @param count most steps to make, at least 1
         * @return what each step did, for metrics: at least one, at most {@code count}
         */
        List<StepResult> period(Objective.Sharded objective, double[] theta, long step, int count);
    }
}
