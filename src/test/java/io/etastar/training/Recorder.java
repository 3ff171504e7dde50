package io.etastar.training;

import io.etastar.optimizer.SummaryResult;
import io.etastar.report.EpochMetrics;
import io.etastar.report.RunListener;
import io.etastar.report.StepMetrics;
import java.util.ArrayList;
import java.util.List;

/** Keeps what it hears and, at one step, throws as if the process had been killed. */
class Recorder implements RunListener {
    static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    final List<StepMetrics> steps = new ArrayList<>();
    final List<EpochMetrics> epochs = new ArrayList<>();
    final List<Long> summaries = new ArrayList<>();
    final List<Long> checkpoints = new ArrayList<>();
    private final long killedAt;

    /** @param killedAt number of the step after which to throw; 0 for never */
    Recorder(long killedAt) {
        this.killedAt = killedAt;
    }

    @Override
    public void step(StepMetrics metrics) {
        if (metrics.step() == killedAt) {
            throw new Killed();
        }
        steps.add(metrics);
    }

    @Override
    public void summary(long step, SummaryResult summary) {
        summaries.add(step);
    }

    @Override
    public void epoch(EpochMetrics metrics) {
        epochs.add(metrics);
    }

    @Override
    public void checkpoint(long step, String path) {
        checkpoints.add(step);
    }
}
