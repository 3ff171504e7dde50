package io.etastar.optimizer;

import io.etastar.settings.OptimizerSettings;
import io.etastar.settings.OptimizerSettings.Need;
import java.io.Serializable;

/**
 * What an optimizer is made from: its settings, and what it takes from the run.
 *
 * @param settings which one, and its values
 * @param schedule factor on all learning rates
 * @param seed of what it draws
 * @param measureDecrease newton-summary: whether the loss of a summary's batch is measured again after its step, one more pass, of
 *     losses alone; not done if the summary is not along what the step moves by
 */
public record OptimizerSpec(OptimizerSettings settings, Schedule schedule, long seed, boolean measureDecrease)
        implements Serializable {
    /** An optimizer whose rates keep their scale, without measured decreases. */
    public static OptimizerSpec of(OptimizerSettings settings, long seed) {
        return new OptimizerSpec(settings, Schedule.NONE, seed, false);
    }

    /** This with another schedule. */
    public OptimizerSpec with(Schedule other) {
        return new OptimizerSpec(settings, other, seed, measureDecrease);
    }

    /** This with another learning rate. */
    public OptimizerSpec with(double lr) {
        return new OptimizerSpec(settings.with(lr), schedule, seed, measureDecrease);
    }

    /** Whether the optimizer needs that of a run. */
    public boolean needs(Need need) {
        return settings.needs().contains(need);
    }

    /** Factor on the learning rates of step {@code step}, from 0. */
    public double decay(long step) {
        return schedule.factor(step);
    }
}
