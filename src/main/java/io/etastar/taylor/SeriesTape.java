package io.etastar.taylor;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;

/**
 * Where rules emit the kernels of Taylor coefficients.
 *
 * @param tape takes the kernels
 * @param directions K, stacked on a leading axis
 * @param order d, the highest coefficient
 */
record SeriesTape(Tape tape, int directions, int order) {
    Kernels kernels() {
        return tape.kernels();
    }

    void emit(Kernel kernel) {
        tape.emit(kernel);
    }

    /** A zero stack of K tensors of the node's shape. */
    Tensor stack(Node node) {
        return kernels().allocate(Shapes.stacked(directions, node.shape));
    }

    /** d zero stacks. */
    Tensor[] stacks(Node node) {
        Tensor[] stacks = new Tensor[order];
        for (int k = 0; k < order; k++) {
            stacks[k] = stack(node);
        }
        return stacks;
    }

    /** The tensor of one direction in a stack of the node's. */
    static Tensor slot(Tensor stack, Node node, int direction) {
        return stack.rows(direction, direction + 1).view(node.shape);
    }
}
