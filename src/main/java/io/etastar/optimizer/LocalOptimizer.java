package io.etastar.optimizer;

import java.util.List;

/** An optimizer whose shards can make several steps by themselves before their parameters are averaged. */
public interface LocalOptimizer extends Optimizer {
    /**
     * Up to {@code count} steps, in one pass where possible.
     *
     * @param objective where gradients and summaries come from
     * @param theta parameters [P], updated in place to the mean over the shards
     * @param step number of the first step, from 0
     * @param count most steps to make, at least 1
     * @return what each step did, for metrics: at least one, at most {@code count}
     */
    List<StepResult> period(Objective.Sharded objective, double[] theta, long step, int count);
}
