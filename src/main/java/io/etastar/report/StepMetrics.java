package io.etastar.report;

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
        StepSeconds seconds,
        long resultBytes,
        long summaryBytes) {}
