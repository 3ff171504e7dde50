package io.etastar.taylor.graph;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/** Where rules emit kernels while a program is compiled: one list of ready-to-run kernels for each pass. */
public final class Emitter {
    private final Kernels kernels;
    private final Accumulator sums;
    private RowMask present;
    private Dropout dropout;
    private List<Kernel> list = new ArrayList<>();
    private List<Kernel> needed = new ArrayList<>();
    private final List<Tensor> stacks = new ArrayList<>();
    private final List<Tensor> idle = new ArrayList<>();

    public Emitter(Kernels kernels, Accumulator sums) {
        this.kernels = kernels;
        this.sums = sums;
    }

    /** Sets what rules see of the micro-batch's rows. */
    public void rows(RowMask rows, Dropout masks) {
        present = rows;
        dropout = masks;
    }

    /** Which rows of the micro-batch count. */
    public RowMask present() {
        return present;
    }

    public Dropout dropout() {
        return dropout;
    }

    public Kernels kernels() {
        return kernels;
    }

    /** Sums of H and order3 over micro-batches. */
    public Accumulator sums() {
        return sums;
    }

    /** The kernels emitted since the last call. */
    public List<Kernel> take() {
        List<Kernel> taken = list;
        list = new ArrayList<>();
        needed = new ArrayList<>();
        return taken;
    }

    /** The kernels emitted since the last {@link #take} without those that only make adjoints of parameters. */
    public List<Kernel> withoutParameters() {
        return List.copyOf(needed);
    }

    public void emit(Kernel kernel) {
        list.add(kernel);
        needed.add(kernel);
    }

    /** A new buffer for the output's value. */
    public Tensor value(Op op) {
        op.output().value = kernels.allocate(op.output().shape);
        return op.output().value;
    }

    /** The stack of a node's first tangents: made at the first call, in the stack of its home if it has one. */
    public Tensor first(Node node) {
        if (node.first == null) {
            node.first = node.home == null ? stack(node) : slots(first(node.home), node);
        }
        return node.first;
    }

    /** Like {@link #first}, of second tangents. */
    public Tensor second(Node node) {
        if (node.second == null) {
            node.second = node.home == null ? stack(node) : slots(second(node.home), node);
        }
        return node.second;
    }

    private static Tensor slots(Tensor stack, Node node) {
        return stack.rows(node.homeSlot, node.homeSlot + node.directions());
    }

    /** A stack of undefined content: memory that {@link #release} gave back, the least that is large enough, or new one. */
    private Tensor stack(Node node) {
        int[] shape = Shapes.stacked(node.directions(), node.shape);
        int length = Shapes.length(shape);
        Tensor memory = null;
        for (Tensor candidate : idle) {
            if (candidate.length() >= length && (memory == null || candidate.length() < memory.length())) {
                memory = candidate;
            }
        }
        if (memory == null) {
            memory = kernels.allocate(length);
        } else {
            idle.remove(memory);
        }
        stacks.add(memory);
        return memory.part(0, shape);
    }

    /**
     * Takes back the stacks that no op behind {@code index} reads: a few stacks then serve all layers and stay in the caches.
     */
    public void release(int index, Collection<Node> nodes) {
        Iterator<Tensor> all = stacks.iterator();
        while (all.hasNext()) {
            Tensor memory = all.next();
            if (nodes.stream().noneMatch(node -> node.lastReader > index && uses(node, memory))) {
                all.remove();
                idle.add(memory);
            }
        }
    }

    private static boolean uses(Node node, Tensor memory) {
        return node.first != null && node.first.isPartOf(memory) || node.second != null && node.second.isPartOf(memory);
    }

    /** Emits zeros for the slots of a stack that nothing writes to. */
    public void clear(Tensor stack, boolean... written) {
        for (int k = 0; k < written.length; k++) {
            if (!written[k]) {
                emit(kernels.fill(stack.rows(k, k + 1), 0));
            }
        }
    }

    /**
     * Adds a contribution to a node's adjoint: the first one is written in place, others go through a temporary.
     *
     * @param maker binds the kernel that overwrites the given tensor with the contribution
     */
    public void contribute(Node node, Function<Tensor, Kernel> maker) {
        if (!node.active) {
            return;
        }
        if (node.adjoint == null) {
            node.adjoint = kernels.allocate(node.shape);
            emitFor(node, maker.apply(node.adjoint));
            return;
        }
        Tensor part = kernels.scratch(Kernels.Scratch.PART, node.shape);
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

    /** Like {@link #contribute}, of a tensor that is already there: shared if it is the only contribution. */
    public void contributeView(Node node, Tensor adjoint) {
        if (node.active && node.consumers == 1) {
            node.adjoint = adjoint.view(node.shape);
        } else {
            contribute(node, out -> kernels.copy(adjoint, out));
        }
    }
}
