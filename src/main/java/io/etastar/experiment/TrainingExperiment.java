package io.etastar.experiment;

import io.etastar.settings.ExperimentFile;
import io.etastar.settings.OptimizerEntry;
import io.etastar.training.TrainingDiverged;
import io.etastar.training.TrainingResult;

/**
 * A job file trained with several optimizers.
 *
 * <p>Figures: {@code train_loss} of the trained model over the whole training set, without dropout and without what varies
 * training rows; {@code mean_loss}, the mean of the batch losses of the last epoch; {@code test_loss} and, of classes, {@code
 * test_accuracy}; {@code epochs} that were run, of {@code published_epochs}. Losses of a run that diverged are infinite.
 */
final class TrainingExperiment implements Experiment {
    private final JobRuns runs;
    private final LossCurves curves;

    TrainingExperiment(ExperimentFile file, RunContext context) {
        runs = new JobRuns(file, context);
        curves = new LossCurves(file.name(), context.output());
    }

    @Override
    public void check(OptimizerEntry optimizer) {
        runs.check(optimizer);
    }

    @Override
    public Outcome run(OptimizerEntry optimizer, long seed, StepLosses losses) {
        JobRuns.Job job = runs.job(optimizer, seed);
        String name = optimizer.name() + ", seed " + seed;
        EpochRecorder recorder = new EpochRecorder(name, losses, runs.context().progress());
        try (TrainingRun run = runs.run(job, optimizer.name() + "-" + seed, recorder)) {
            TrainingResult result = run.train();
            curves.add(optimizer.name(), recorder.epochs());
            return outcome(
                    job,
                    run.trainingLoss().meanLoss(),
                    result.trainLoss(),
                    result.testLoss(),
                    result.testAccuracy(),
                    result.steps());
        } catch (TrainingDiverged diverged) {
            runs.context().progress().accept(name + ": " + diverged.getMessage());
            curves.add(optimizer.name(), recorder.epochs());
            double none = Double.POSITIVE_INFINITY;
            return outcome(job, none, none, none, 0, diverged.step());
        }
    }

    private static Outcome outcome(
            JobRuns.Job job, double trainLoss, double meanLoss, double testLoss, double testAccuracy, long steps) {
        Outcome outcome = new Outcome().with("train_loss", trainLoss).with("mean_loss", meanLoss);
        if (job.plan().data().test() != null) {
            outcome.with("test_loss", testLoss);
            if (job.plan().data().test().shape().classes() > 0) {
                outcome.with("test_accuracy", testAccuracy);
            }
        }
        return outcome.withLength("epochs", (double) steps / job.length().stepsPerEpoch())
                .withLength("published_epochs", job.length().published());
    }

    @Override
    public void end() {
        curves.draw();
    }
}
