package io.etastar.taylor.graph;

import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;

/**
 * A variable of the graph in a program: value, adjoint and stacked tangents.
 *
 * <p>Tangents have a leading axis over the K live subsets, in the order of {@link #live}. A null second tangent is zero.
 */
public final class Node {
    /** Of {@link #rowAxis}: no axis belongs to the rows. */
    public static final int NONE = -1;

    /** Of {@link #rowAxis}: the rows lie on more than one axis, or not one behind another. */
    public static final int SCATTERED = -2;

    public final String name;
    public final int[] shape;
    /** Whether the value depends on a parameter, so that adjoint and tangents exist. */
    public final boolean active;
    /** Whether this is a parameter itself, not computed from one. */
    public boolean parameter;
    /** Whether its memory is another node's. */
    public boolean view;
    /** Operands that read this node. */
    public int consumers;
    /** Index of the last op whose derivatives read this node; the loss is read after all. */
    public int lastReader = -1;
    /** Subsets whose direction changes this node, ordered by first appearance in the graph. */
    public int[] live = {};
    /** The axis along which the rows of the micro-batch lie, {@link #NONE} or {@link #SCATTERED}. */
    public int rowAxis = NONE;
    /** Whether the value depends on several rows of the micro-batch. */
    public boolean mixed;
    /** Whether anything downstream reads the second tangent. */
    public boolean secondNeeded;
    /** A sum whose stacks hold this node's from slot {@link #homeSlot} on, so that nothing is copied; or null. */
    public Node home;

    public int homeSlot;

    public Tensor value;
    public Tensor adjoint;
    /** In a Hessian-vector product the adjoint, while {@link #adjoint} collects its tangent. */
    public Tensor lossAdjoint;

    public Tensor first;
    public Tensor second;
    /** Taylor coefficients 1 .. d along K directions, [K, shape] each; null is zero. */
    public Tensor[] series;
    /** Of a max pooling: where each output was found in the input. */
    public int[] winners;
    /** Of a cross-entropy or softmax: softmax of the logits. */
    public Tensor probabilities;
    /** Of a cross-entropy: one-hot labels. */
    public Tensor labels;

    public Node(String name, int[] shape, boolean active) {
        this.name = name;
        this.shape = shape;
        this.active = active;
    }

    /** Elements of the value. */
    public int length() {
        return Shapes.length(shape);
    }

    /** Taylor coefficient {@code k} >= 1 along the K directions, null if it is zero. */
    public Tensor coefficient(int k) {
        return series == null ? null : series[k - 1];
    }

    /** K, the number of live subsets. */
    public int directions() {
        return live.length;
    }

    /** Slot of {@code subset} in the stack, or -1. */
    public int slot(int subset) {
        for (int k = 0; k < live.length; k++) {
            if (live[k] == subset) {
                return k;
            }
        }
        return -1;
    }
}
