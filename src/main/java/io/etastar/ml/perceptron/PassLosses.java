package io.etastar.ml.perceptron;

import io.etastar.optimizer.SummaryResult;
import io.etastar.report.EpochMetrics;
import io.etastar.report.RunListener;
import io.etastar.report.StepMetrics;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the losses that a run reports. */
final class PassLosses implements RunListener {
    private static final Logger LOG = LoggerFactory.getLogger(PassLosses.class);

    private final String uid;
    private final List<Double> losses = new ArrayList<>();

    /** @param uid of the Estimator, for the log */
    PassLosses(String uid) {
        this.uid = uid;
    }

    /** Mean loss of the first step's rows, at the weights that training began with; then of each pass, while it was made. */
    double[] history() {
        return losses.stream().mapToDouble(Double::doubleValue).toArray();
    }

    @Override
    public void plan(String line) {
        LOG.info("{}: {}", uid, line);
    }

    @Override
    public void warning(String line) {
        LOG.warn("{}: {}", uid, line);
    }

    @Override
    public void step(StepMetrics metrics) {
        if (losses.isEmpty()) {
            losses.add(metrics.loss());
        }
    }

    @Override
    public void summary(long step, SummaryResult summary) {}

    @Override
    public void epoch(EpochMetrics metrics) {
        losses.add(metrics.trainLoss());
    }

    @Override
    public void checkpoint(long step, String path) {}
}
