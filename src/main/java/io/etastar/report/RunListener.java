package io.etastar.report;

import io.etastar.optimizer.SummaryResult;

/** Hears what a run does, in order, on the driver's thread. */
public interface RunListener {
    /** The run begins, or goes on, by that plan: one line for people. */
    default void plan(String line) {}

    /** Something that people should know: one line. */
    default void warning(String line) {}

    /** A step was done. */
    void step(StepMetrics metrics);

    /** A summary was made and solved during step {@code step} (from 1). */
    void summary(long step, SummaryResult summary);

    /** An epoch ended. */
    void epoch(EpochMetrics metrics);

    /** A checkpoint was written; everything reported so far belongs to it. */
    void checkpoint(long step, String path);
}
