package io.etastar.report;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.io.Serializable;

/**
 * One epoch.
 *
 * @param epoch number from 1
 * @param steps done since the run began
 * @param trainLoss mean of the batch losses of the epoch, weighted by samples
 * @param trainAccuracy the same of accuracies, or NaN
 * @param testLoss mean loss over the test set, or NaN if there is none
 * @param testAccuracy over the test set, or NaN
 * @param noSolution summaries, or line searches, so far that gave no step
 * @param seconds wall clock of the epoch
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonTypeName("epoch")
public record EpochMetrics(
        int epoch,
        long steps,
        double trainLoss,
        double trainAccuracy,
        double testLoss,
        double testAccuracy,
        long noSolution,
        double seconds)
        implements Serializable {}
