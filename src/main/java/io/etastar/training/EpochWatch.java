package io.etastar.training;

import io.etastar.report.EpochMetrics;

/** Decides after each epoch which parameters become the model and whether training goes on. */
@FunctionalInterface
public interface EpochWatch {
    /** Keeps the last epoch's parameters and never ends early. */
    EpochWatch LAST = metrics -> new Verdict(true, false);

    /**
     * What follows from an epoch.
     *
     * @param keep whether the parameters at its end are the model, unless a later epoch's are
     * @param end whether it is the last epoch
     */
    record Verdict(boolean keep, boolean end) {}

    /** Called once after each epoch, in order. */
    Verdict after(EpochMetrics metrics);
}
