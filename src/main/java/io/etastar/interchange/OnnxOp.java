package io.etastar.interchange;

import io.etastar.UserError;
import io.etastar.graph.GraphOp;
import io.etastar.graph.GraphReader;
import io.etastar.graph.Model;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import onnx.Onnx.AttributeProto;

/**
 * One op of a model on its way into an ONNX graph.
 *
 * @param graph that is written
 * @param model that is read
 * @param source the op
 * @param named ONNX name of a variable that is read; writes it first if it is a constant
 * @param shapes of all variables, with some number of rows for the first axis where rows lie there
 */
record OnnxOp(OnnxGraph graph, Model model, GraphOp source, UnaryOperator<String> named, Map<String, int[]> shapes) {
    /** Translates an op. */
    interface Translation {
        /** Adds nodes; returns the name of the result. */
        String write(OnnxOp op);
    }

    String in(int i) {
        return named.apply(source.inputs().get(i));
    }

    List<String> in() {
        return source.inputs().stream().map(named).toList();
    }

    boolean has(int i) {
        return source.inputs().size() > i;
    }

    int[] shape(int i) {
        return shapes.get(source.inputs().get(i));
    }

    int rank(int i) {
        return shape(i).length;
    }

    double scalar(int i, double otherwise) {
        return source.scalars().length > i ? source.scalars()[i] : otherwise;
    }

    long integer(int i, long otherwise) {
        return source.integers().length > i ? source.integers()[i] : otherwise;
    }

    boolean flag(int i) {
        return source.flags().length > i && source.flags()[i];
    }

    /** An axis of the first input that may be counted from the end. */
    long axis(long axis) {
        return axis < 0 ? axis + rank(0) : axis;
    }

    /** Values of an input that must be a constant of the graph. */
    long[] constant(int i) {
        double[] values = has(i) ? GraphReader.constant(model, source.inputs().get(i)) : null;
        if (values == null) {
            throw error("input " + i + " is computed or missing, expected a constant");
        }
        return Arrays.stream(values).mapToLong(value -> (long) value).toArray();
    }

    /** Adds a node and returns its output. */
    String add(String type, String... inputs) {
        return add(type, List.of(), inputs);
    }

    String add(String type, AttributeProto attribute, String... inputs) {
        return add(type, List.of(attribute), inputs);
    }

    String add(String type, List<AttributeProto> attributes, String... inputs) {
        String output = graph.free(source.output() + "/" + type);
        graph.node(type, List.of(inputs), output, attributes);
        return output;
    }

    /** x type c, such as x times c. */
    String with(String type, String x, double c) {
        return add(type, x, graph.scalar(c));
    }

    String reshape(String x, long... shape) {
        return add("Reshape", x, graph.integers(shape));
    }

    String transpose(String x, long... axes) {
        return add("Transpose", OnnxAttributes.integers("perm", axes), x);
    }

    /** A vector as [1, ..., C, ..., 1] along {@code axis} of the first input. */
    String alongAxis(String vector, long axis) {
        long[] shape = new long[rank(0)];
        Arrays.fill(shape, 1);
        shape[(int) axis] = -1;
        return reshape(vector, shape);
    }

    /** Which output of its node the op computes. */
    int outputIndex() {
        String node = model.graph().getVariables().get(source.output()).getOutputOfOp();
        return model.graph().getOps().get(node).getOutputsOfOp().indexOf(source.output());
    }

    UserError error(String message) {
        return new UserError("model: op '" + source.type() + "' at graph node '" + source.name() + "': " + message);
    }
}
