package io.etastar.experiment;

import io.etastar.optimizer.SummaryResult;
import io.etastar.report.EpochMetrics;
import io.etastar.report.RunListener;
import io.etastar.report.StepMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Hands on the losses of a run's steps, keeps its epochs and tells people about them. */
final class EpochRecorder implements RunListener {
    private final String name;
    private final Experiment.StepLosses losses;
    private final Consumer<String> progress;
    private final List<EpochMetrics> epochs = new ArrayList<>();

    /** @param name of the run, for people */
    EpochRecorder(String name, Experiment.StepLosses losses, Consumer<String> progress) {
        this.name = name;
        this.losses = losses;
        this.progress = progress;
    }

    /** Epochs so far. */
    List<EpochMetrics> epochs() {
        return List.copyOf(epochs);
    }

    @Override
    public void step(StepMetrics metrics) {
        losses.step(metrics.step() - 1, metrics.loss());
    }

    @Override
    public void summary(long step, SummaryResult summary) {
        // In the run's own files.
    }

    @Override
    public void epoch(EpochMetrics metrics) {
        epochs.add(metrics);
        progress.accept(String.format(
                Locale.ROOT,
                "%s, epoch %d: train_loss=%.6g test_loss=%.6g test_accuracy=%.4f seconds=%.1f",
                name,
                metrics.epoch(),
                metrics.trainLoss(),
                metrics.testLoss(),
                metrics.testAccuracy(),
                metrics.seconds()));
    }

    @Override
    public void checkpoint(long step, String path) {
        // Nothing to tell.
    }
}
