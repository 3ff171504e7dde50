package io.etastar.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;

/**
 * One training step.
 *
 * @param step number from 1
 * @param epoch number from 1
 * @param loss mean training loss of the batch before the step
 * @param accuracy of the batch before the step, or NaN if targets are not classes
 * @param gradientNorm Euclidean norm of the mean gradient
 * @param samples of the batch
 * @param seconds where the time went
 * @param resultBytes of all results that came to the driver
 * @param summaryBytes of them, those of a pass that was a summary alone
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonTypeName("step")
public record StepMetrics(
        long step,
        int epoch,
        double loss,
        double accuracy,
        double gradientNorm,
        long samples,
        Seconds seconds,
        long resultBytes,
        long summaryBytes) {

    /**
     * Where the time of a step went, summed over its passes; of several steps in one pass each has an equal part.
     *
     * @param total wall clock of the whole step
     * @param compute longest task's time inside the engine
     * @param broadcast in which the driver made what it sends
     * @param fetch longest task's wait for it
     * @param merge in which the driver read and added results
     * @param scheduling the rest of the passes' wall clock: starting tasks, transfer, rounds of merging on executors
     * @param solve of the solver
     */
    public record Seconds(
            double total,
            double compute,
            double broadcast,
            double fetch,
            double merge,
            double scheduling,
            double solve) {
        /** The rest: the optimizer's own work on the driver. */
        @JsonProperty
        public double update() {
            return Math.max(0, total - compute - broadcast - fetch - merge - scheduling - solve);
        }
    }
}
