package io.etastar.taylor.graph;

import io.etastar.UserError;
import io.etastar.graph.GraphOp;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Where the rows of a micro-batch lie in a program's variables, and which ops mix rows.
 *
 * <p>An axis belongs to the rows if its side changes with the size of the micro-batch. A sum or mean over the first axis
 * mixes rows and leaves out those of weight 0 ({@link RowMask}); any other op that does is refused, as it would read them.
 */
public final class RowAxes {
    /** No axis belongs to the rows. */
    public static final int NONE = -1;

    /** The rows lie on more than one axis, or not one behind another. */
    public static final int SCATTERED = -2;

    private final Map<Node, Integer> axes = new IdentityHashMap<>();
    /** Nodes whose value depends on several rows of the micro-batch. */
    private final Set<Node> mixed = new HashSet<>();

    private boolean mixes;

    private RowAxes() {}

    /**
     * Finds the row axes of a graph.
     *
     * @throws UserError if an op mixes rows in another way than by sums and means over the first axis
     */
    public static RowAxes of(ProgramGraph graph) {
        ProgramGraph other = graph.withBatch(graph.batch() + 1);
        RowAxes found = new RowAxes();
        found.axes.put(graph.node(graph.model().input()), 0);
        found.axes.put(graph.node(graph.model().label()), 0);
        graph.ops().forEach(op -> found.mark(op, graph.batch(), other.node(op.output().name).shape));
        return found;
    }

    /** A node's axis, {@link #NONE} or {@link #SCATTERED}. */
    public int axis(Node node) {
        return axes.getOrDefault(node, NONE);
    }

    /** Whether a value of one row depends on other rows: batch normalisation by the micro-batch's own statistics. */
    public boolean mixes() {
        return mixes;
    }

    private void mark(Op op, int batch, int... more) {
        boolean rows = false;
        boolean mixing = false;
        boolean scattered = false;
        for (Node input : op.inputs()) {
            rows |= axis(input) != NONE;
            mixing |= mixed.contains(input);
            scattered |= axis(input) == SCATTERED;
        }
        Node output = op.output();
        int axis = changed(output.shape, more);
        if (mixing || rows && axis == NONE) {
            mixed.add(output);
        }
        mixes |= mixing && axis != NONE;
        if (rows && axis == NONE) {
            requireSum(op);
        }
        if (rows && axis >= 0) {
            requireRowsApart(op, axis, batch);
        }
        axes.put(output, axis != NONE && (scattered || reshuffled(op, axis)) ? SCATTERED : axis);
    }

    /** The axis whose side changes with the micro-batch, from the shapes for two sizes of it. */
    private static int changed(int[] shape, int[] more) {
        int axis = NONE;
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] != more[i]) {
                axis = axis == NONE ? i : SCATTERED;
            }
        }
        return axis;
    }

    private void requireSum(Op op) {
        if (!op.rule().sumsRows(op, this)) {
            throw refused(op.source(), "it takes rows of the batch together");
        }
    }

    private void requireRowsApart(Op op, int axis, int batch) {
        if (op.rule().mixesRows(op, this, axis, batch)) {
            throw refused(op.source(), "it moves or compares rows of the batch");
        }
    }

    private static UserError refused(GraphOp source, String what) {
        return Op.error(source, what + ", expected sums and means over the first axis as the only ops that do");
    }

    /** Whether a reshape gives the rows another step than one behind another on their axis. */
    private boolean reshuffled(Op op, int axis) {
        if (!op.rule().views() || axis(op.input(0)) < 0 || axis < 0) {
            return false;
        }
        return before(axis(op.input(0)), op.shape(0)) != before(axis, op.output().shape);
    }

    private static int before(int axis, int... shape) {
        int product = 1;
        for (int i = 0; i < axis; i++) {
            product *= shape[i];
        }
        return product;
    }
}
