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
 * @param constants whose values are beside the graph
 */
public record Model(
        SameDiff graph,
        String input,
        String label,
        String output,
        String loss,
        ParameterLayout layout,
        int classes,
        GraphConstants constants) {
    /** A model whose constants are all in its graph. */
    public Model(
            SameDiff graph,
            String input,
            String label,
            String output,
            String loss,
            ParameterLayout layout,
            int classes) {
        this(graph, input, label, output, loss, layout, classes, GraphConstants.NONE);
    }

    /** The same with these constants beside the graph. */
    Model with(GraphConstants beside) {
        return new Model(graph, input, label, output, loss, layout, classes, beside);
    }

    /** The same with another output, up to which it ends. */
    public Model endingAt(String last) {
        return new Model(graph, input, label, last, last, layout, classes, constants);
    }
}
