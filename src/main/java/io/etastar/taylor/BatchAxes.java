package io.etastar.taylor;

import io.etastar.UserError;
import io.etastar.graph.GraphOp;
import io.etastar.graph.Model;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.RowMask;

/**
 * Where the rows of a micro-batch lie in a program's variables, and which ops mix rows.
 *
 * <p>An axis belongs to the rows where its side changes with the size of the micro-batch. A sum or mean over the first axis
 * mixes rows and leaves out those of weight 0 ({@link RowMask}); any other op that does is refused, as it would read them.
 */
final class BatchAxes {
    private final ProgramGraph graph;
    private final ProgramGraph other;
    private boolean mixes;

    private BatchAxes(ProgramGraph graph, Model model) {
        this.graph = graph;
        this.other = new ProgramGraph(model, graph.batch + 1, null);
    }

    /**
     * Sets every node's row axis.
     *
     * @return whether a value of one row depends on other rows
     * @throws UserError if an op mixes rows in another way than by sums and means over the first axis
     */
    static boolean mark(ProgramGraph graph, Model model) {
        BatchAxes axes = new BatchAxes(graph, model);
        graph.node(model.input()).rowAxis = 0;
        graph.node(model.label()).rowAxis = 0;
        graph.ops.forEach(axes::mark);
        return axes.mixes;
    }

    /** Whether a value of one row depends on other rows: batch normalisation by the micro-batch's own statistics. */
    static boolean mixes(Model model) {
        return mark(new ProgramGraph(model, 2, null), model);
    }

    private void mark(Op op) {
        boolean rows = false;
        boolean mixed = false;
        boolean scattered = false;
        for (Node input : op.inputs()) {
            rows |= input.rowAxis != Node.NONE;
            mixed |= input.mixed;
            scattered |= input.rowAxis == Node.SCATTERED;
        }
        Node output = op.output();
        int axis = changed(output);
        output.mixed = mixed || rows && axis == Node.NONE;
        mixes |= mixed && axis != Node.NONE;
        if (rows && axis == Node.NONE) {
            requireSum(op);
        }
        if (rows && axis >= 0) {
            requireRowsApart(op, axis);
        }
        output.rowAxis = axis != Node.NONE && (scattered || reshuffled(op, axis)) ? Node.SCATTERED : axis;
    }

    /** The axis whose side changes with the micro-batch. */
    private int changed(Node node) {
        int[] more = other.node(node.name).shape;
        int axis = Node.NONE;
        for (int i = 0; i < node.shape.length; i++) {
            if (node.shape[i] != more[i]) {
                axis = axis == Node.NONE ? i : Node.SCATTERED;
            }
        }
        return axis;
    }

    private void requireSum(Op op) {
        if (!op.rule().sumsRows(op)) {
            throw refused(op.source(), "it takes rows of the batch together");
        }
    }

    private void requireRowsApart(Op op, int axis) {
        if (op.rule().mixesRows(op, axis, graph.batch)) {
            throw refused(op.source(), "it moves or compares rows of the batch");
        }
    }

    private static UserError refused(GraphOp source, String what) {
        return Op.error(source, what + ", expected sums and means over the first axis as the only ops that do");
    }

    /** Whether a reshape gives the rows another step than one behind another on their axis. */
    private static boolean reshuffled(Op op, int axis) {
        if (!op.rule().views() || op.input(0).rowAxis < 0 || axis < 0) {
            return false;
        }
        return before(op.input(0).rowAxis, op.shape(0)) != before(axis, op.output().shape);
    }

    private static int before(int axis, int... shape) {
        int product = 1;
        for (int i = 0; i < axis; i++) {
            product *= shape[i];
        }
        return product;
    }
}
