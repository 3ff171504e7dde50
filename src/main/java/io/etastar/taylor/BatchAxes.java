package io.etastar.taylor;

import io.etastar.UserError;
import io.etastar.graph.GraphOp;
import io.etastar.graph.Model;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.RowAxes;
import io.etastar.taylor.graph.RowMask;
import java.util.HashSet;
import java.util.Set;

/**
 * Where the rows of a micro-batch lie in a program's variables, and which ops mix rows.
 *
 * <p>An axis belongs to the rows where its side changes with the size of the micro-batch. A sum or mean over the first axis
 * mixes rows and leaves out those of weight 0 ({@link RowMask}); any other op that does is refused, as it would read them.
 */
final class BatchAxes {
    private final ProgramGraph graph;
    private final ProgramGraph other;
    private final RowAxes axes = new RowAxes();
    /** Nodes whose value depends on several rows of the micro-batch. */
    private final Set<Node> mixed = new HashSet<>();

    private boolean mixes;

    private BatchAxes(ProgramGraph graph, Model model) {
        this.graph = graph;
        this.other = new ProgramGraph(model, graph.batch + 1, null);
    }

    /**
     * Finds the row axes of a graph.
     *
     * @throws UserError if an op mixes rows in another way than by sums and means over the first axis
     */
    static BatchAxes of(ProgramGraph graph, Model model) {
        BatchAxes found = new BatchAxes(graph, model);
        found.axes.set(graph.node(model.input()), 0);
        found.axes.set(graph.node(model.label()), 0);
        graph.ops.forEach(found::mark);
        return found;
    }

    /** Whether a value of one row depends on other rows: batch normalisation by the micro-batch's own statistics. */
    static boolean mixes(Model model) {
        return of(new ProgramGraph(model, 2, null), model).mixes();
    }

    /** Whether a value of one row depends on other rows. */
    boolean mixes() {
        return mixes;
    }

    /** Every node's row axis. */
    RowAxes axes() {
        return axes;
    }

    private void mark(Op op) {
        boolean rows = false;
        boolean mixing = false;
        boolean scattered = false;
        for (Node input : op.inputs()) {
            rows |= axes.of(input) != RowAxes.NONE;
            mixing |= mixed.contains(input);
            scattered |= axes.of(input) == RowAxes.SCATTERED;
        }
        Node output = op.output();
        int axis = changed(output);
        if (mixing || rows && axis == RowAxes.NONE) {
            mixed.add(output);
        }
        mixes |= mixing && axis != RowAxes.NONE;
        if (rows && axis == RowAxes.NONE) {
            requireSum(op);
        }
        if (rows && axis >= 0) {
            requireRowsApart(op, axis);
        }
        axes.set(output, axis != RowAxes.NONE && (scattered || reshuffled(op, axis)) ? RowAxes.SCATTERED : axis);
    }

    /** The axis whose side changes with the micro-batch. */
    private int changed(Node node) {
        int[] more = other.node(node.name).shape;
        int axis = RowAxes.NONE;
        for (int i = 0; i < node.shape.length; i++) {
            if (node.shape[i] != more[i]) {
                axis = axis == RowAxes.NONE ? i : RowAxes.SCATTERED;
            }
        }
        return axis;
    }

    private void requireSum(Op op) {
        if (!op.rule().sumsRows(op, axes)) {
            throw refused(op.source(), "it takes rows of the batch together");
        }
    }

    private void requireRowsApart(Op op, int axis) {
        if (op.rule().mixesRows(op, axes, axis, graph.batch)) {
            throw refused(op.source(), "it moves or compares rows of the batch");
        }
    }

    private static UserError refused(GraphOp source, String what) {
        return Op.error(source, what + ", expected sums and means over the first axis as the only ops that do");
    }

    /** Whether a reshape gives the rows another step than one behind another on their axis. */
    private boolean reshuffled(Op op, int axis) {
        if (!op.rule().views() || axes.of(op.input(0)) < 0 || axis < 0) {
            return false;
        }
        return before(axes.of(op.input(0)), op.shape(0)) != before(axis, op.output().shape);
    }

    private static int before(int axis, int... shape) {
        int product = 1;
        for (int i = 0; i < axis; i++) {
            product *= shape[i];
        }
        return product;
    }
}
