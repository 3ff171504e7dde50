package io.etastar.graph.onnx;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A value of the network while its file is read: known, or computed by the graph, or a sequence of those.
 *
 * @param constant what it is, if it is known
 * @param variable of the graph, if it is computed
 * @param shape sides, those of the batch as multiples of {@link Sides#BATCH}
 * @param whole whether it holds whole numbers or truth
 * @param parts of a sequence; empty if it is none
 */
record Value(
        @Nullable Constant constant, @Nullable SDVariable variable, long[] shape, boolean whole, List<Value> parts) {
    Value(@Nullable Constant constant, @Nullable SDVariable variable, long[] shape, boolean whole) {
        this(constant, variable, shape, whole, List.of());
    }

    static Value sequence(List<Value> parts) {
        return new Value(null, null, new long[] {parts.size()}, false, parts);
    }

    static Value of(Constant constant) {
        return new Value(constant, null, constant.shape(), constant.whole());
    }

    static Value of(SDVariable variable, boolean whole, long... shape) {
        return new Value(null, variable, shape, whole);
    }

    /** The same numbers, said to be whole or truth, or not. */
    Value whole(boolean now) {
        Constant known = constant == null ? null : constant.map(v -> v, now);
        return new Value(known, variable, shape, now);
    }

    boolean known() {
        return constant != null;
    }

    int rank() {
        return shape.length;
    }

    long side(int axis) {
        return shape[axis];
    }
}
