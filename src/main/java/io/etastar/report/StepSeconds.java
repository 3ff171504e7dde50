package io.etastar.report;

import com.fasterxml.jackson.annotation.JsonProperty;

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
public record StepSeconds(
        double total, double compute, double broadcast, double fetch, double merge, double scheduling, double solve) {
    /** The rest: the optimizer's own work on the driver. */
    @JsonProperty
    public double update() {
        return Math.max(0, total - compute - broadcast - fetch - merge - scheduling - solve);
    }
}
