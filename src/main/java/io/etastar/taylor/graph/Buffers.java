package io.etastar.taylor.graph;

import io.etastar.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The tensors of a program: value, adjoint and stacked tangents of its nodes, and what ops saved. Set while a program is
 * compiled. Null is zero.
 */
public final class Buffers {
    private final Map<Node, Slots> slots = new IdentityHashMap<>();
    private final Map<Op, Object> saved = new IdentityHashMap<>();

    private static final class Slots {
        private Tensor value;
        private Tensor adjoint;
        private Tensor lossAdjoint;
        private Tensor first;
        private Tensor second;
        private Tensor[] series;
    }

    private Slots of(Node node) {
        return slots.computeIfAbsent(node, key -> new Slots());
    }

    public Tensor value(Node node) {
        return of(node).value;
    }

    public void setValue(Node node, Tensor value) {
        of(node).value = value;
    }

    /** The adjoint that the sweep in progress collects, or the last one did. */
    public Tensor adjoint(Node node) {
        return of(node).adjoint;
    }

    public void setAdjoint(Node node, Tensor adjoint) {
        of(node).adjoint = adjoint;
    }

    /** The adjoint of the first sweep, once a second one collects its tangents. */
    Tensor lossAdjoint(Node node) {
        return of(node).lossAdjoint;
    }

    /** Begins a second reverse sweep: what adjoints hold so far are the loss's from now on. */
    public void beginSecondSweep() {
        for (Slots node : slots.values()) {
            node.lossAdjoint = node.adjoint;
            node.adjoint = null;
        }
    }

    /** First tangents [K, shape] of the K live subsets. */
    public Tensor first(Node node) {
        return of(node).first;
    }

    public void setFirst(Node node, Tensor stack) {
        of(node).first = stack;
    }

    /** Second tangents [K, shape]. */
    Tensor second(Node node) {
        return of(node).second;
    }

    void setSecond(Node node, Tensor stack) {
        of(node).second = stack;
    }

    /** Taylor coefficients 1 .. d along K directions, [K, shape] each; each may be null. */
    public Tensor[] series(Node node) {
        return of(node).series;
    }

    public void setSeries(Node node, Tensor... series) {
        of(node).series = series;
    }

    /** Whether a node's tangents lie in a stack's memory. */
    boolean usesStack(Node node, Tensor memory) {
        Slots found = of(node);
        return found.first != null && found.first.isPartOf(memory)
                || found.second != null && found.second.isPartOf(memory);
    }

    /** Keeps what an op's value leaves for its derivatives. */
    void save(Op op, Object state) {
        saved.put(op, state);
    }

    /** What an op saved. */
    <T> T saved(Op op, Class<T> type) {
        return type.cast(saved.get(op));
    }
}
