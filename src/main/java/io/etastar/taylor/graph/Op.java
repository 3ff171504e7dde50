package io.etastar.taylor.graph;

import io.etastar.UserError;
import io.etastar.graph.GraphOp;
import java.util.Arrays;

/** An operation of a program: its source in the graph, its rule, and the nodes it joins. */
public record Op(GraphOp source, Rule rule, Node[] inputs, Node output) {
    public Node input(int i) {
        return inputs[i];
    }

    public int[] shape(int i) {
        return inputs[i].shape;
    }

    /** An error in the user's graph. */
    public static UserError error(GraphOp source, String message) {
        return new UserError("model: op '" + source.type() + "' at graph node '" + source.name() + "': " + message);
    }

    public static UserError rank(GraphOp source, int[] found, String expected) {
        return error(source, "found shape " + Arrays.toString(found) + ", expected " + expected);
    }
}
