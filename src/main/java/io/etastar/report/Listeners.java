package io.etastar.report;

import io.etastar.optimizer.SummaryResult;
import java.util.List;

/**
 * Several listeners as one, each told in order.
 *
 * @param all the listeners
 */
public record Listeners(List<RunListener> all) implements RunListener {
    @Override
    public void plan(String line) {
        all.forEach(listener -> listener.plan(line));
    }

    @Override
    public void warning(String line) {
        all.forEach(listener -> listener.warning(line));
    }

    @Override
    public void step(StepMetrics metrics) {
        all.forEach(listener -> listener.step(metrics));
    }

    @Override
    public void summary(long step, SummaryResult summary) {
        all.forEach(listener -> listener.summary(step, summary));
    }

    @Override
    public void epoch(EpochMetrics metrics) {
        all.forEach(listener -> listener.epoch(metrics));
    }

    @Override
    public void checkpoint(long step, String path) {
        all.forEach(listener -> listener.checkpoint(step, path));
    }
}
