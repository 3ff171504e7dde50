package io.etastar.ml;

import io.etastar.optimizer.SummaryResult;
import io.etastar.report.EpochMetrics;
import io.etastar.report.RunListener;
import io.etastar.report.StepMetrics;
import io.etastar.training.EpochWatch;
import io.etastar.training.TrainingResult;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what a run reports, and ends it by tolerance and patience. */
final class FitHistory implements RunListener, EpochWatch {
    private static final Logger LOG = LoggerFactory.getLogger(FitHistory.class);

    private final String uid;
    private final double tolerance;
    private final int patience;
    private final boolean validated;
    private final List<Double> losses = new ArrayList<>();
    private final List<EpochMetrics> epochs = new ArrayList<>();
    private final List<NeuralNetworkTrainingSummary.Rates> rates = new ArrayList<>();
    private SummaryResult last;
    private int best;

    /** @param validated whether there are validation rows */
    FitHistory(String uid, double tolerance, int patience, boolean validated) {
        this.uid = uid;
        this.tolerance = tolerance;
        this.patience = patience;
        this.validated = validated;
    }

    @Override
    public void step(StepMetrics metrics) {
        losses.add(metrics.loss());
    }

    @Override
    public void summary(long step, SummaryResult summary) {
        double[] eta = summary.solution().eta() == null
                ? null
                : summary.solution().eta().clone();
        rates.add(new NeuralNetworkTrainingSummary.Rates(
                step, eta, summary.learningRates().clone()));
        last = summary;
    }

    @Override
    public void epoch(EpochMetrics metrics) {
        epochs.add(metrics);
        LOG.info(
                "{}: epoch {}: training loss {}, validation loss {}, {} s",
                uid,
                metrics.epoch(),
                metrics.trainLoss(),
                metrics.testLoss(),
                metrics.seconds());
    }

    @Override
    public void checkpoint(long step, String path) {
        LOG.debug("{}: checkpoint of step {}: {}", uid, step, path);
    }

    @Override
    public Verdict after(EpochMetrics metrics) {
        int index = epochs.size() - 1;
        boolean picky = patience > 0 && validated;
        boolean better = index == 0 || metrics.testLoss() < epochs.get(best).testLoss();
        if (!picky || better) {
            best = index;
        }
        boolean end = picky && index - best >= patience || index > 0 && isSettled(index);
        return new Verdict(best == index, end);
    }

    private boolean isSettled(int index) {
        double before = epochs.get(index - 1).trainLoss();
        double now = epochs.get(index).trainLoss();
        return Math.abs(before - now) < tolerance * Math.max(Math.abs(before), Math.abs(now));
    }

    /** @param subsets names of the tensors of each subset of the partition */
    NeuralNetworkTrainingSummary summary(List<List<String>> subsets, TrainingResult result) {
        int bestEpoch = epochs.isEmpty() ? 0 : epochs.get(best).epoch();
        return new NeuralNetworkTrainingSummary(losses, epochs, rates, last, subsets, bestEpoch, result);
    }
}
