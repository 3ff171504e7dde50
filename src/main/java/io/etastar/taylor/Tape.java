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
    private List<Kernel> list = new ArrayList<>();
    private List<Kernel> needed = new ArrayList<>();

    Tape(Kernels kernels, Accumulator sums) {
        this.kernels = kernels;
        this.sums = sums;
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
        needed = new ArrayList<>();
        return taken;
    }

    /** The kernels emitted since the last {@link #take} without those that only make adjoints of parameters. */
    List<Kernel> withoutParameters() {
        return List.copyOf(needed);
    }

    void emit(Kernel kernel) {
        list.add(kernel);
        needed.add(kernel);
    }

    /** A new buffer for the output's value. */
    Tensor value(Op op) {
        op.output().value = kernels.allocate(op.output().shape);
        return op.output().value;
    }

    /** The stack of a node's first tangents: made at the first call, in the stack of its home where it has one. */
    Tensor first(Node node) {
        if (node.first == null) {
            node.first = node.home == null ? stack(node) : slots(first(node.home), node);
        }
        return node.first;
    }

    /** Like {@link #first}, of second tangents. */
    Tensor second(Node node) {
        if (node.second == null) {
            node.second = node.home == null ? stack(node) : slots(second(node.home), node);
        }
        return node.second;
    }

    private static Tensor slots(Tensor stack, Node node) {
        return stack.rows(node.homeSlot, node.homeSlot + node.directions());
    }

    private Tensor stack(Node node) {
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
            emitFor(node, maker.apply(node.adjoint));
            return;
        }
        Tensor part = kernels.allocate(node.shape);
        emitFor(node, maker.apply(part));
        emitFor(node, kernels.binary(Kernels.Binary.ADD, node.adjoint, part, node.adjoint));
    }

    /** A summary reads no parameter's adjoint, which is a third of the work of both sweeps. */
    private void emitFor(Node node, Kernel kernel) {
        list.add(kernel);
        if (!node.parameter) {
            needed.add(kernel);
        }
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
