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

/**
 * Where rules emit kernels while a program is compiled: one list of ready-to-run kernels for each pass. It also answers what the
 * passes over the graph found of a node, and holds the program's {@link Buffers}.
 */
public final class Emitter {
    private final Kernels kernels;
    private final Accumulator sums;
    private final Readers readers;
    private final Directions directions;
    private final OutputReuse reuse;
    private final Buffers buffers = new Buffers();
    private RowAxes axes;
    private RowMask present;
    private Dropout dropout;
    private boolean firstTangentsAlone;
    private boolean keepsTangents;
    private List<Kernel> list = new ArrayList<>();
    private List<Kernel> needed = new ArrayList<>();
    private final List<Tensor> stacks = new ArrayList<>();
    private final List<Tensor> idle = new ArrayList<>();

    /** An emitter for a graph's ops, about which the passes found {@code readers} and {@code directions}. */
    Emitter(Kernels kernels, Accumulator sums, List<Op> ops, Readers readers, Directions directions) {
        this.kernels = kernels;
        this.sums = sums;
        this.readers = readers;
        this.directions = directions;
        reuse = new OutputReuse(ops, readers, directions);
    }

    /** Sets what rules see of the micro-batch's rows. */
    public void rows(RowAxes rowAxes, RowMask rows, Dropout masks) {
        axes = rowAxes;
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

    public Buffers buffers() {
        return buffers;
    }

    public Tensor value(Node node) {
        return buffers.value(node);
    }

    public void setValue(Node node, Tensor value) {
        buffers.setValue(node, value);
    }

    /** A new buffer for the output's value. */
    public Tensor makeValue(Op op) {
        Tensor value = kernels.allocate(op.output().shape);
        buffers.setValue(op.output(), value);
        return value;
    }

    /** A node's adjoint, or in the second reverse sweep its tangent; null is zero. */
    public Tensor adjoint(Node node) {
        return buffers.adjoint(node);
    }

    /** A node's adjoint in the second reverse sweep. */
    public Tensor lossAdjoint(Node node) {
        return buffers.lossAdjoint(node);
    }

    /** A node's first tangents [K, shape]; null is zero. */
    public Tensor first(Node node) {
        return buffers.first(node);
    }

    public void setFirst(Node node, Tensor stack) {
        buffers.setFirst(node, stack);
    }

    /** A node's second tangents [K, shape]; null is zero. */
    public Tensor second(Node node) {
        return buffers.second(node);
    }

    public void setSecond(Node node, Tensor stack) {
        buffers.setSecond(node, stack);
    }

    /** Keeps what an op's value leaves for its derivatives. */
    public void save(Op op, Object state) {
        buffers.save(op, state);
    }

    /** What an op saved. */
    public <T> T saved(Op op, Class<T> type) {
        return buffers.saved(op, type);
    }

    /** The live subsets of a node, in the order of its stacks; shared. */
    public int[] live(Node node) {
        return directions.live(node);
    }

    /** K, the number of live subsets of a node. */
    public int directions(Node node) {
        return directions.count(node);
    }

    /** Slot of {@code subset} in a node's stacks, or -1. */
    public int slot(Node node, int subset) {
        return directions.slot(node, subset);
    }

    /** Where the live subsets of one node stand in the stack of another. */
    public List<Stacks.Run> runs(Node source, Node target) {
        return Stacks.runs(directions, source, target);
    }

    /** Whether anything downstream reads a node's second tangents. */
    public boolean needsSecond(Node node) {
        return !firstTangentsAlone && directions.needsSecond(node);
    }

    /** Whether from now on nothing needs second tangents. */
    public void useFirstTangentsAlone(boolean alone) {
        firstTangentsAlone = alone;
    }

    /** Whether a later sweep reads tangents, so that no op may write its output's over its input's. */
    public boolean keepsTangents() {
        return keepsTangents;
    }

    /** From now on tangents are kept for a later sweep. */
    public void keepTangents() {
        keepsTangents = true;
    }

    /** Operands that read a node on the way to the loss. */
    public int readers(Node node) {
        return readers.count(node);
    }

    /** The axis along which the rows of the micro-batch lie, as {@link RowAxes} has it. */
    public int rowAxis(Node node) {
        return axes.axis(node);
    }

    /** The first slot of a node's tangents in the stacks of a sum that they are terms of; -1 if they have stacks of their own. */
    public int homeSlot(Node node) {
        OutputReuse.Home home = reuse.home(node);
        return home == null ? -1 : home.slot();
    }

    /** The stack of a node's first tangents: made at the first call, in the stack of its home if it has one. */
    public Tensor makeFirst(Node node) {
        if (first(node) == null) {
            OutputReuse.Home home = reuse.home(node);
            setFirst(node, home == null ? stack(node) : slots(makeFirst(home.sum()), home.slot(), node));
        }
        return first(node);
    }

    /** Like {@link #makeFirst}, of second tangents. */
    public Tensor makeSecond(Node node) {
        if (second(node) == null) {
            OutputReuse.Home home = reuse.home(node);
            setSecond(node, home == null ? stack(node) : slots(makeSecond(home.sum()), home.slot(), node));
        }
        return second(node);
    }

    private Tensor slots(Tensor stack, int from, Node node) {
        return stack.rows(from, from + directions(node));
    }

    /** A stack of undefined content: memory that {@link #release} gave back, the least that is large enough, or new one. */
    private Tensor stack(Node node) {
        int[] shape = Shapes.stacked(directions(node), node.shape);
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
            if (nodes.stream().noneMatch(node -> readers.last(node) > index && buffers.usesStack(node, memory))) {
                all.remove();
                idle.add(memory);
            }
        }
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
        Tensor adjoint = adjoint(node);
        if (adjoint == null) {
            Tensor made = kernels.allocate(node.shape);
            buffers.setAdjoint(node, made);
            emitFor(node, maker.apply(made));
            return;
        }
        Tensor part = kernels.scratch(Kernels.Scratch.PART, node.shape);
        emitFor(node, maker.apply(part));
        emitFor(node, kernels.binary(Kernels.Binary.ADD, adjoint, part, adjoint));
    }

    /** A summary reads no parameter's adjoint, which is a third of the work of both sweeps. */
    private void emitFor(Node node, Kernel kernel) {
        list.add(kernel);
        if (!node.isParameter()) {
            needed.add(kernel);
        }
    }

    /** Like {@link #contribute}, of a tensor that is already there: shared if it is the only contribution. */
    public void contributeView(Node node, Tensor adjoint) {
        if (node.active && readers(node) == 1) {
            buffers.setAdjoint(node, adjoint.view(node.shape));
        } else {
            contribute(node, out -> kernels.copy(adjoint, out));
        }
    }
}
