package io.etastar.taylor.graph;

import io.etastar.tensor.Shapes;

/**
 * A variable of the graph in a program. Immutable, and equal to itself alone: what passes over the graph find out of it is in
 * {@link Readers}, {@link RowAxes} and {@link Directions}, its tensors are in {@link Buffers}.
 */
public final class Node {
    /** What it is in the graph. */
    public enum Kind {
        /** A parameter. */
        PARAMETER,
        /** A placeholder or a constant. */
        DATA,
        /** The output of an op, in memory of its own. */
        COMPUTED,
        /** The output of an op, in another node's memory. */
        VIEW
    }

    public final String name;
    public final Kind kind;
    public final int[] shape;
    /** Whether the value depends on a parameter, so that adjoint and tangents exist. */
    public final boolean active;

    public Node(String name, Kind kind, int[] shape, boolean active) {
        this.name = name;
        this.kind = kind;
        this.shape = shape;
        this.active = active;
    }

    /** Whether this is a parameter itself, not computed from one. */
    public boolean isParameter() {
        return kind == Kind.PARAMETER;
    }

    /** Whether its memory is another node's. */
    public boolean isView() {
        return kind == Kind.VIEW;
    }

    /** Elements of the value. */
    public int length() {
        return Shapes.length(shape);
    }
}
