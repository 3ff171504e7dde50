package io.etastar.experiment;

import io.etastar.figure.LineChart;
import io.etastar.report.EpochMetrics;
import io.etastar.training.TrainingDiverged;
import io.etastar.training.TrainingResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

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
    public Outcome run(OptimizerEntry optimizer, long seed, Experiment.StepLosses losses) {
        JobRuns.Job job = runs.job(optimizer, seed);
        String name = optimizer.name() + ", seed " + seed;
        EpochRecorder recorder = new EpochRecorder(name, losses, runs.context().progress());
        try (JobRuns.Run run = runs.run(job, optimizer.name() + "-" + seed, recorder)) {
            TrainingResult result = run.train();
            curves.add(optimizer.name(), recorder.epochs());
            return outcome(
                    job,
                    run.trainingLoss(result).meanLoss(),
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

    /** Losses by epoch of each optimizer, means over its runs, drawn if the experiment writes files. */
    private static final class LossCurves {
        private static final int WIDTH = 900;
        private static final int HEIGHT = 550;

        private final String experiment;
        private final @Nullable Path output;
        private final Map<String, List<List<EpochMetrics>>> runs = new LinkedHashMap<>();

        /** @param output directory of the figures, or null for none */
        LossCurves(String experiment, @Nullable Path output) {
            this.experiment = experiment;
            this.output = output;
        }

        /** Adds a run, which may have ended early. */
        void add(String optimizer, List<EpochMetrics> epochs) {
            runs.computeIfAbsent(optimizer, name -> new ArrayList<>()).add(epochs);
        }

        /** Writes {@code train-loss.png} and {@code test-loss.png}. */
        void draw() {
            if (output == null) {
                return;
            }
            draw(output.resolve("train-loss.png"), "mean training loss of an epoch", EpochMetrics::trainLoss);
            draw(output.resolve("test-loss.png"), "test loss", EpochMetrics::testLoss);
        }

        private void draw(Path file, String title, ToDoubleFunction<EpochMetrics> loss) {
            List<LineChart.Curve> curves = new ArrayList<>();
            runs.forEach((optimizer, epochs) -> curves.add(curve(optimizer, epochs, loss)));
            try {
                LineChart.write(
                        file,
                        experiment + ": " + title,
                        "epoch",
                        new LineChart.Axis("loss", true),
                        curves,
                        WIDTH,
                        HEIGHT);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        /** Means over the runs, as far as all of them went. */
        private static LineChart.Curve curve(
                String optimizer, List<List<EpochMetrics>> runs, ToDoubleFunction<EpochMetrics> loss) {
            int epochs = runs.stream().mapToInt(List::size).min().orElse(0);
            double[] means = IntStream.range(0, epochs)
                    .mapToDouble(i -> runs.stream()
                            .mapToDouble(run -> loss.applyAsDouble(run.get(i)))
                            .average()
                            .orElse(Double.NaN))
                    .toArray();
            return new LineChart.Curve(
                    optimizer,
                    IntStream.rangeClosed(1, epochs).mapToDouble(i -> i).toArray(),
                    means);
        }
    }
}
