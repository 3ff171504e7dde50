package io.etastar.graph;

import io.etastar.partition.ParameterLayout;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * A differentiable graph and the names by which the engine finds its way in it.
 *
 * @param graph the SameDiff graph; used as a description, never executed by the engine
 * @param input name of the placeholder of features, [-1, featureShape]
 * @param label name of the placeholder of targets, [-1] for classes or [-1, targetShape]
 * @param output name of the output variable, [N, ...]; logits if the loss is a cross-entropy
 * @param loss name of the loss variable, one value per sample: [N]
 * @param layout names, shapes and order of the parameters
 * @param classes number of classes, or 0 if targets are not class indices
 */
public record Model(
        SameDiff graph, String input, String label, String output, String loss, ParameterLayout layout, int classes) {}
