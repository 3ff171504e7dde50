package io.etastar.taylor;

import io.etastar.graph.GraphOp;
import io.etastar.graph.GraphReader;
import io.etastar.graph.Model;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.ProgramGraph;
import io.etastar.taylor.graph.RowAxes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The means over the rows of a batch that a model takes, found in its graph. */
public final class BatchMeans {
    /** Ops whose value over many rows is of the size of that over few. */
    private static final Set<String> MEANS = Set.of("reduce_mean", "moments", "var", "std");

    private final Model model;
    private final Map<String, GraphOp> byOutput = new HashMap<>();
    private final List<Mean> found = new ArrayList<>();

    private BatchMeans(Model model) {
        this.model = model;
    }

    /**
     * A mean over rows.
     *
     * @param name of its variable
     * @param shape of the variable
     * @param centre the other mean if this one is the variance around it: the mean of the square of what is less the other; -1 if not
     */
    public record Mean(String name, int[] shape, int centre) {
        /** Elements of the variable. */
        public int length() {
            return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        }
    }

    /**
     * The means in an order of computation; none if the outputs of a row do not depend on other rows, or depend on them by
     * other things than means.
     */
    public static List<Mean> of(Model model) {
        ProgramGraph graph = Program.graph(model, 2, null);
        RowAxes axes = RowAxes.of(graph);
        return axes.mixes() ? new BatchMeans(model).find(graph, axes) : List.of();
    }

    private List<Mean> find(ProgramGraph graph, RowAxes axes) {
        for (GraphOp op : GraphReader.operations(model)) {
            byOutput.put(op.output(), op);
            Node node = graph.nodes().get(op.output());
            boolean ofRows =
                    op.inputs().stream().anyMatch(name -> hasRows(graph.nodes().get(name), axes));
            if (node != null && ofRows && !hasRows(node, axes)) {
                if (!MEANS.contains(op.type())) {
                    return List.of();
                }
                found.add(new Mean(op.output(), node.shape.clone(), centre(op)));
            }
        }
        return List.copyOf(found);
    }

    private static boolean hasRows(Node node, RowAxes axes) {
        return node != null && axes.axis(node) != RowAxes.NONE;
    }

    /** The mean m of x if an op is the mean of (x - m)^2 over the same axes; -1 if it is not. */
    private int centre(GraphOp op) {
        GraphOp square = byOutput.get(op.inputs().get(0));
        if (!op.type().equals("reduce_mean") || square == null || !square.type().equals("square")) {
            return -1;
        }
        GraphOp difference = byOutput.get(square.inputs().get(0));
        if (difference == null || !difference.type().equals("subtract")) {
            return -1;
        }
        GraphOp mean = byOutput.get(difference.inputs().get(1));
        boolean same = mean != null
                && mean.type().equals("reduce_mean")
                && mean.inputs().get(0).equals(difference.inputs().get(0))
                && mean.keepAxes() == op.keepAxes()
                && Arrays.equals(mean.axes(), op.axes());
        for (int i = 0; same && i < found.size(); i++) {
            if (found.get(i).name().equals(mean.output())) {
                return i;
            }
        }
        return -1;
    }
}
