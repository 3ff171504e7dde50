package io.etastar.taylor.graph;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;

/**
 * Where rules emit the kernels of Taylor coefficients.
 *
 * @param emitter takes the kernels
 * @param directions K, stacked on a leading axis
 * @param order d, the highest coefficient
 */
public record SeriesEmitter(Emitter emitter, int directions, int order) {
    public Kernels kernels() {
        return emitter.kernels();
    }

    public void emit(Kernel kernel) {
        emitter.emit(kernel);
    }

    public Tensor value(Node node) {
        return emitter.value(node);
    }

    /** Taylor coefficients 1 .. d of a node along K directions, [K, shape] each; null is zero. */
    public Tensor[] series(Node node) {
        return emitter.buffers().series(node);
    }

    public void setSeries(Node node, Tensor... series) {
        emitter.buffers().setSeries(node, series);
    }

    /** Taylor coefficient {@code k} >= 1 of a node, null if it is zero. */
    public Tensor coefficient(Node node, int k) {
        Tensor[] series = series(node);
        return series == null ? null : series[k - 1];
    }

    /** A zero stack of K tensors of the node's shape. */
    public Tensor stack(Node node) {
        return kernels().allocate(Shapes.stacked(directions, node.shape));
    }

    /** d zero stacks. */
    public Tensor[] stacks(Node node) {
        Tensor[] stacks = new Tensor[order];
        for (int k = 0; k < order; k++) {
            stacks[k] = stack(node);
        }
        return stacks;
    }

    /** The tensor of one direction in a stack of the node's. */
    public static Tensor slot(Tensor stack, Node node, int direction) {
        return stack.rows(direction, direction + 1).view(node.shape);
    }
}
