package io.etastar.taylor.graph;

import java.util.IdentityHashMap;
import java.util.Map;

/** The axes of a graph's nodes along which the rows of the micro-batch lie. */
public final class RowAxes {
    /** No axis belongs to the rows. */
    public static final int NONE = -1;

    /** The rows lie on more than one axis, or not one behind another. */
    public static final int SCATTERED = -2;

    private final Map<Node, Integer> axes = new IdentityHashMap<>();

    /** Sets a node's axis. */
    public void set(Node node, int axis) {
        axes.put(node, axis);
    }

    /** A node's axis, {@link #NONE} or {@link #SCATTERED}. */
    public int of(Node node) {
        return axes.getOrDefault(node, NONE);
    }
}
