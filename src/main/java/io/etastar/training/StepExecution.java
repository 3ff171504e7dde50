package io.etastar.training;

import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.StepResult;
import io.etastar.spark.pass.PassTimes;
import io.etastar.spark.pass.SparkObjective;
import java.util.List;

/** How steps are executed: the one part of a run that knows where the optimizer's steps are made. */
interface StepExecution {
    /**
     * Makes steps: at least one, at most {@code most}. Afterwards the run's optimizer has the state of its last step.
     *
     * @param theta parameters [P], updated in place
     * @param step number of the first step, from 0
     * @param most steps that are left in the epoch
     */
    Executed execute(double[] theta, long step, int most);

    /**
     * Steps made.
     *
     * @param results of each step, in order; of those made together only the first has a summary
     * @param times of their passes
     * @param summaryBytes of results of passes that were summaries alone
     */
    record Executed(List<StepResult> results, PassTimes times, long summaryBytes) {}

    /** The optimizer's steps on the driver, one Spark job for each pass. */
    final class OnDriver implements StepExecution {
        private final SparkObjective objective;
        private final Optimizer optimizer;
        private final int period;

        /** @param period 0 for steps of all shards; else most steps that shards make by themselves, in one pass */
        OnDriver(SparkObjective objective, Optimizer optimizer, int period) {
            this.objective = objective;
            this.optimizer = optimizer;
            this.period = period;
        }

        @Override
        public Executed execute(double[] theta, long step, int most) {
            PassTimes passes = objective.totalPassTimes();
            long bytes = objective.summaryBytes();
            List<StepResult> results = period == 0
                    ? List.of(optimizer.step(objective, theta, step))
                    : ((Optimizer.Local) optimizer).period(objective, theta, step, Math.min(period, most));
            PassTimes times = objective.totalPassTimes().minus(passes);
            return new Executed(results, times, objective.summaryBytes() - bytes);
        }
    }
}
