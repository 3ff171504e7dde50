package io.etastar.experiment;

import io.etastar.figure.LineChart;
import io.etastar.report.EpochMetrics;
import io.etastar.training.TrainingDiverged;
import io.etastar.training.TrainingResult;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A job file trained with several optimizers.
 *
 * <p>Figures: {@code train_loss} of the trained model over the whole training set, without dropout and without what varies
 * training rows; {@code mean_loss}, the mean of the batch losses of the last epoch; {@code test_loss} and, of classes, {@code
 * test_accuracy}; {@code epochs} that were run, of {@code published_epochs}. Losses of a run that diverged are infinite.
 */
final class TrainingExperiment implements Experiment {
    private static final String TRAIN = "train-loss";
    private static final String TEST = "test-loss";
    private static final String STEPS = "step-loss";

    private final JobRuns runs;

    TrainingExperiment(ExperimentFile file, RunContext context) {
        runs = new JobRuns(file, context);
    }

    @Override
    public void check(OptimizerEntry optimizer) {
        runs.check(optimizer);
    }

    @Override
    public Outcome run(OptimizerEntry optimizer, long seed, Experiment.StepLosses losses) {
        JobRuns.Job job = runs.job(optimizer, seed);
        String name = optimizer.name() + ", seed " + seed;
        LossCurve steps = new LossCurve(job.length().inSteps());
        EpochRecorder recorder = new EpochRecorder(
                name,
                (step, loss) -> {
                    losses.step(step, loss);
                    steps.step(step, loss);
                },
                runs.context().progress());
        JobRuns.Run run = runs.run(job, optimizer.name() + "-" + seed, recorder);
        try {
            TrainingResult result = run.train();
            Outcome outcome = outcome(
                    job,
                    run.trainingLoss(result).meanLoss(),
                    result.trainLoss(),
                    result.testLoss(),
                    result.testAccuracy(),
                    result.steps());
            return withCurves(outcome, job, recorder.epochs(), steps);
        } catch (TrainingDiverged diverged) {
            runs.context().progress().accept(name + ": " + diverged.getMessage());
            double none = Double.POSITIVE_INFINITY;
            Outcome outcome = outcome(job, none, none, none, 0, diverged.step());
            return withCurves(outcome, job, recorder.epochs(), steps);
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
    public List<Chart> charts() {
        LineChart.Axis loss = new LineChart.Axis("loss", true);
        return List.of(
                new Chart(TRAIN, "mean training loss of an epoch", "epoch", loss),
                new Chart(TEST, "test loss", "epoch", loss),
                new Chart(STEPS, "mean loss of batches", "steps", new LineChart.Axis("loss", false)));
    }

    /** Epochs of a run of several; of a run whose length is given in steps these as well. */
    private static Outcome withCurves(Outcome outcome, JobRuns.Job job, List<EpochMetrics> epochs, LossCurve steps) {
        if (job.length().steps() > 0) {
            outcome.withCurve(STEPS, steps.x(), steps.y());
        }
        if (epochs.size() < 2) {
            return outcome;
        }
        double[] x = epochs.stream().mapToDouble(EpochMetrics::epoch).toArray();
        return outcome.withCurve(TRAIN, x, values(epochs, EpochMetrics::trainLoss))
                .withCurve(TEST, x, values(epochs, EpochMetrics::testLoss));
    }

    private static double[] values(List<EpochMetrics> epochs, ToDoubleFunction<EpochMetrics> loss) {
        return epochs.stream().mapToDouble(loss).toArray();
    }
}
