package io.etastar.training;

import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.StepResult;
import io.etastar.quantity.LossSum;
import io.etastar.spark.pass.PassTimes;
import io.etastar.spark.pass.SparkObjective;
import java.util.List;

/** How steps are executed: the one part of a run that knows where the optimizer's steps are made. */
interface StepExecution {
    /**
     * Makes steps: at least one. Afterwards the run's optimizer has the state of its last step.
     *
     * @param theta parameters [P], updated in place
     * @param span which steps
     */
    Executed execute(double[] theta, Span span);

    /** Whether steps of several epochs may be made together. */
    boolean spansEpochs();

    /**
     * Ends an epoch, unless that was done among the steps.
     *
     * @param meanTrainingLoss mean of the batch losses of the epoch
     */
    void endEpoch(double meanTrainingLoss);

    /**
     * Steps to be made.
     *
     * @param step number of the first, from 0
     * @param most steps
     * @param epoch losses of the steps that its epoch has already
     */
    record Span(long step, int most, LossSum epoch) {}

    /**
     * Steps made.
     *
     * @param results of each step, in order
     * @param unsolved summaries or line searches among them that gave no step
     * @param times of their passes
     * @param summaryBytes of results of passes that were summaries alone
     */
    record Executed(List<StepResult> results, long unsolved, PassTimes times, long summaryBytes) {}

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
        public Executed execute(double[] theta, Span span) {
            long step = span.step();
            PassTimes passes = objective.totalPassTimes();
            long bytes = objective.summaryBytes();
            long unsolved = optimizer.noSolution();
            List<StepResult> results = period == 0
                    ? List.of(optimizer.stepIfWeighted(objective, theta, step))
                    : ((Optimizer.Local) optimizer).period(objective, theta, step, Math.min(period, span.most()));
            PassTimes times = objective.totalPassTimes().minus(passes);
            return new Executed(results, optimizer.noSolution() - unsolved, times, objective.summaryBytes() - bytes);
        }

        @Override
        public boolean spansEpochs() {
            return false;
        }

        @Override
        public void endEpoch(double meanTrainingLoss) {
            optimizer.endEpoch(meanTrainingLoss);
        }
    }

    /** Many steps next to the data, in one Spark job. */
    final class NearData implements StepExecution {
        private final SparkObjective objective;
        private final Optimizer optimizer;
        private final Optimizer.Factory optimizers;
        private final ExecutionPlan jobs;
        private final TrainingPlan plan;

        /**
         * @param optimizer the run's, which has the state between jobs
         * @param optimizers makes equal ones
         * @param jobs their length, and tasks
         * @param plan of the run: a job ends where a checkpoint is due
         */
        NearData(
                SparkObjective objective,
                Optimizer optimizer,
                Optimizer.Factory optimizers,
                ExecutionPlan jobs,
                TrainingPlan plan) {
            this.objective = objective;
            this.optimizer = optimizer;
            this.optimizers = optimizers;
            this.jobs = jobs;
            this.plan = plan;
        }

        @Override
        public Executed execute(double[] theta, Span span) {
            PassTimes passes = objective.totalPassTimes();
            int count = (int) Math.min(
                    Math.min(jobs.stepsPerJob(), span.most()),
                    plan.checkpoints().stepsToNext(span.step()));
            SparkObjective.Epochs epochs =
                    new SparkObjective.Epochs(span.epoch(), objective.stepsPerEpoch(), plan.steps());
            SparkObjective.StepRange range = new SparkObjective.StepRange(
                    span.step(), count, plan.checkpoints().shortest(jobs.seconds()), epochs);
            SparkObjective.StepsMade made = objective.steps(optimizers, theta, optimizer.state(), range, jobs.tasks());
            System.arraycopy(made.theta(), 0, theta, 0, theta.length);
            optimizer.restore(made.state());
            return new Executed(
                    made.results(), made.unsolved(), objective.totalPassTimes().minus(passes), 0);
        }

        @Override
        public boolean spansEpochs() {
            return jobs.spansEpochs();
        }

        @Override
        public void endEpoch(double meanTrainingLoss) {
            // The job has told its optimizer.
        }
    }
}
