package io.etastar.taylor;

import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;

/**
 * A variable of the graph in a program: value, adjoint and stacked tangents.
 *
 * <p>Tangents have a leading axis over the K live subsets, in the order of {@link #live}. A null second tangent is zero.
 */
final class Node {
    final String name;
    final int[] shape;
    /** Whether the value depends on a parameter, so that adjoint and tangents exist. */
    final boolean active;
    /** Whether this is a parameter itself, not computed from one. */
    boolean parameter;
    /** Whether its memory is another node's. */
    boolean view;
    /** Operands that read this node. */
    int consumers;
    /** Index of the last op whose derivatives read this node; the loss is read after all. */
    int lastReader = -1;
    /** Subsets whose direction changes this node, ordered by first appearance in the graph. */
    int[] live = {};
    /** The axis along which the rows of the micro-batch lie, or what {@link BatchAxes} says. */
    int rowAxis = BatchAxes.NONE;
    /** Whether the value depends on several rows of the micro-batch. */
    boolean mixed;
    /** Whether anything downstream reads the second tangent. */
    boolean secondNeeded;
    /** A sum whose stacks hold this node's from slot {@link #homeSlot} on, so that nothing is copied; or null. */
    Node home;

    int homeSlot;

    Tensor value;
    Tensor adjoint;
    /** In a {@link HessianProgram} the adjoint, while {@link #adjoint} collects its tangent. */
    Tensor lossAdjoint;

    Tensor first;
    Tensor second;
    /** Taylor coefficients 1 .. d along K directions, [K, shape] each, in a {@link SeriesProgram}; null is zero. */
    Tensor[] series;
    /** Of a max pooling: where each output was found in the input. */
    int[] winners;
    /** Of a cross-entropy or softmax: softmax of the logits. */
    Tensor probabilities;
    /** Of a cross-entropy: one-hot labels. */
    Tensor labels;

    Node(String name, int[] shape, boolean active) {
        this.name = name;
        this.shape = shape;
        this.active = active;
    }

    /** Elements of the value. */
    int length() {
        return Shapes.length(shape);
    }

    /** Taylor coefficient {@code k} >= 1 along the directions of a {@link SeriesProgram}, null if it is zero. */
    Tensor coefficient(int k) {
        return series == null ? null : series[k - 1];
    }

    /** K, the number of live subsets. */
    int directions() {
        return live.length;
    }

    /** Slot of {@code subset} in the stack, or -1. */
    int slot(int subset) {
        for (int k = 0; k < live.length; k++) {
            if (live[k] == subset) {
                return k;
            }
        }
        return -1;
    }
}
