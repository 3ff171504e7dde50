package io.etastar.taylor;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;
import java.util.function.BiFunction;

/** Tangents through a linear op of one input: the op itself, on both stacks. */
final class LinearTangents {
    private LinearTangents() {}

    /** @param apply binds the op on a stack [K, input] into a stack [K, output] */
    static void emit(Op op, Tape tape, BiFunction<Tensor, Tensor, Kernel> apply) {
        Node x = op.input(0);
        Node y = op.output();
        y.first = tape.stack(y);
        tape.emit(apply.apply(x.first, y.first));
        if (y.secondNeeded && x.second != null) {
            y.second = tape.stack(y);
            tape.emit(apply.apply(x.second, y.second));
        }
    }
}
