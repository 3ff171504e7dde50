package io.etastar.taylor;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Where rules emit kernels while a program is compiled: one list of ready-to-run kernels for each pass. */
final class Tape {
    private final Kernels kernels;
    private final Accumulator sums;
    private Present present;
    private Dropout dropout;
    private List<Kernel> list = new ArrayList<>();

    Tape(Kernels kernels, Accumulator sums) {
        this.kernels = kernels;
        this.sums = sums;
    }

    /** Sets what rules see of the micro-batch's rows. */
    void rows(Present rows, Dropout masks) {
        present = rows;
        dropout = masks;
    }

    /** Which rows of the micro-batch count. */
    Present present() {
        return present;
    }

    Dropout dropout() {
        return dropout;
    }

    Kernels kernels() {
        return kernels;
    }

    /** Sums of H and order3 over micro-batches. */
    Accumulator sums() {
        return sums;
    }

    /** The kernels emitted since the last call. */
    List<Kernel> take() {
        List<Kernel> taken = list;
        list = new ArrayList<>();
        return taken;
    }

    void emit(Kernel kernel) {
        list.add(kernel);
    }

    /** A new buffer for the output's value. */
    Tensor value(Op op) {
        op.output().value = kernels.allocate(op.output().shape);
        return op.output().value;
    }

    /** A zero stack of {@code directions} tensors of the node's shape. */
    Tensor stack(Node node) {
        return kernels.allocate(Shapes.stacked(node.directions(), node.shape));
    }

    /**
     * Adds a contribution to a node's adjoint: the first one is written in place, others go through a temporary.
     *
     * @param maker binds the kernel that overwrites the given tensor with the contribution
     */
    void contribute(Node node, Function<Tensor, Kernel> maker) {
        if (!node.active) {
            return;
        }
        if (node.adjoint == null) {
            node.adjoint = kernels.allocate(node.shape);
            emit(maker.apply(node.adjoint));
            return;
        }
        Tensor part = kernels.allocate(node.shape);
        emit(maker.apply(part));
        emit(kernels.binary(Kernels.Binary.ADD, node.adjoint, part, node.adjoint));
    }

    /** Like {@link #contribute}, of a tensor that is already there: shared where it is the only contribution. */
    void contributeView(Node node, Tensor adjoint) {
        if (node.active && node.consumers == 1) {
            node.adjoint = adjoint.view(node.shape);
        } else {
            contribute(node, out -> kernels.copy(adjoint, out));
        }
    }
}
