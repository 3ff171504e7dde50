package io.etastar.experiment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.Partition;
import io.etastar.quantity.LossSum;
import io.etastar.report.RunDirectory;
import io.etastar.report.RunListener;
import io.etastar.settings.Configuration;
import io.etastar.training.RunStore;
import io.etastar.training.TrainingPlan;
import io.etastar.training.TrainingResult;
import io.etastar.training.TrainingRun;
import java.nio.file.Path;

/** Runs of an experiment's job with its optimizers. */
final class JobRuns {
    private final ExperimentFile file;
    private final RunContext context;

    JobRuns(ExperimentFile file, RunContext context) {
        this.file = file;
        this.context = context;
    }

    /** What the experiment may use. */
    RunContext context() {
        return context;
    }

    /**
     * Checks the job with an optimizer; starts nothing.
     *
     * @throws io.etastar.UserError at the first mistake
     */
    void check(OptimizerEntry entry) {
        if (entry.reference() != null) {
            throw entry.unknownReference("none with kind " + file.kind());
        }
        Configuration configuration = entry.configuration(file.firstSeed());
        if (!configuration.spark().isEmpty()) {
            throw configuration.mistake(
                    "spark.conf", "no such key: one context, of --master and spark-submit, serves all runs");
        }
        TrainingPlan plan = context.plans().apply(configuration);
        plan.check();
        Optimizers.create(
                plan.method().optimizer(),
                new Partition(plan.model().build().layout(), plan.method().groups()));
    }

    /**
     * A job at the experiment's scale.
     *
     * @param configuration of the run
     * @param plan of the run
     * @param length of the run
     */
    record Job(Configuration configuration, TrainingPlan plan, RunLength length) {}

    /** The job as long as it says. */
    Job job(OptimizerEntry entry, long seed) {
        TrainingPlan full = context.plans().apply(entry.configuration(seed));
        return job(entry, seed, full, full.stopping().epochs(), full.stopping().maxSteps());
    }

    /** The job with {@code epochs} epochs at scale 1. */
    Job job(OptimizerEntry entry, long seed, int epochs) {
        return job(entry, seed, context.plans().apply(entry.configuration(seed)), epochs, 0);
    }

    private Job job(OptimizerEntry entry, long seed, TrainingPlan full, int epochs, int maxSteps) {
        RunLength length = RunLength.of(epochs, maxSteps, full.stepsPerEpoch(), context.scale());
        Configuration configuration = entry.configuration(seed, length.keys());
        if (context.scale() != 1) {
            context.progress().accept(entry.name() + ", seed " + seed + ": " + length.describe(context.scale()));
        }
        TrainingPlan plan = context.plans().apply(configuration);
        return new Job(plan.decided(configuration), plan, length);
    }

    /**
     * A run of the job.
     *
     * @param name of the run's directory in the experiment's output
     * @param listener hears what happens, after the metrics were written
     */
    Run run(Job job, String name, RunListener listener) {
        return new Run(context, job, name, listener);
    }

    /** One run, as {@code jobs/train.sh} makes it, in a directory of its own if it is wanted; otherwise nothing is stored. */
    static final class Run {
        private final TrainingRun run;

        private Run(RunContext context, Job job, String name, RunListener listener) {
            Path output = context.output();
            run = new TrainingRun(
                    context.spark().get(),
                    job.plan(),
                    output == null ? RunStore.memory() : store(output, job, name),
                    listener);
        }

        private static RunStore store(Path output, Job job, String name) {
            RunDirectory files = RunDirectory.create(
                    output.resolve(name).toString(), job.configuration().resolved());
            return RunStore.directory(files, job.plan().checkpoints().keep());
        }

        /**
         * Trains.
         *
         * @throws io.etastar.training.TrainingDiverged if a loss, gradient or parameter is not finite
         */
        TrainingResult train() {
            return run.run();
        }

        /** Loss of a trained model over all training rows, without dropout and without what varies training rows. */
        LossSum trainingLoss(TrainingResult result) {
            return run.trainingLoss(parameters(result));
        }
    }

    /** The trained parameters [P], as the model's file has them. */
    static double[] parameters(TrainingResult result) {
        return result.kept().model().theta().toDoubles();
    }

    /**
     * How long a run is: whole epochs, or steps if it ends within an epoch.
     *
     * @param epochs begun
     * @param steps after which it ends, 0 for the end of its epochs
     * @param published length at scale 1, in epochs
     * @param stepsPerEpoch steps of a whole epoch
     */
    record RunLength(int epochs, int steps, double published, long stepsPerEpoch) {
        /**
         * The length at a scale. Of a run of epochs as many as come next to it, at least one; its steps if that is less than
         * one epoch, and if the run is given in steps.
         *
         * @param full epochs at scale 1
         * @param maxSteps steps after which the run ends at scale 1, or 0
         * @param stepsPerEpoch steps of a whole epoch
         */
        static RunLength of(int full, int maxSteps, long stepsPerEpoch, double scale) {
            long all = full * stepsPerEpoch;
            if (maxSteps == 0 && full * scale >= 1) {
                return new RunLength((int) Math.round(full * scale), 0, full, stepsPerEpoch);
            }
            long most = maxSteps == 0 ? all : Math.min(all, maxSteps);
            int steps = (int) Math.max(1, Math.round(most * scale));
            int epochs = (int) ((steps + stepsPerEpoch - 1) / stepsPerEpoch);
            return new RunLength(epochs, steps, (double) most / stepsPerEpoch, stepsPerEpoch);
        }

        /** Keys of a job file that make runs that long. */
        Config keys() {
            Config keys = ConfigFactory.empty()
                    .withValue("training.epochs", ConfigValueFactory.fromAnyRef(epochs, "length of the run"));
            return steps == 0
                    ? keys
                    : keys.withValue("training.max_steps", ConfigValueFactory.fromAnyRef(steps, "length of the run"));
        }

        /** The length in steps. */
        long inSteps() {
            return steps == 0 ? epochs * stepsPerEpoch : steps;
        }

        /** For people: {@code scale=0.1 epochs=20 of 200}. */
        String describe(double scale) {
            return steps == 0
                    ? "scale=" + scale + " epochs=" + epochs + " of " + Math.round(published)
                    : "scale=" + scale + " steps=" + steps + " of " + Math.round(published * stepsPerEpoch);
        }
    }
}
