package io.etastar.taylor.rule;

import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.ScalarFunction;
import java.util.function.DoubleUnaryOperator;

/** y = f(x) elementwise, with f smooth enough that f'' and f''' matter. */
public final class ScalarRule extends ElementwiseRule {
    public ScalarRule(Kernels.Unary map, ScalarFunction f) {
        super(map, f);
    }

    public ScalarRule(DoubleUnaryOperator loop, ScalarFunction f) {
        super(loop, f);
    }

    @Override
    public void tangents(Op op, Emitter emitter) {
        Node x = op.input(0);
        Node y = op.output();
        Kernels kernels = emitter.kernels();
        stacks(x, y, emitter, emitter.needsSecond(y));
        emitter.emit(kernels.scalarTangents(new ScalarFunction.Tangents(
                f(),
                emitter.value(x),
                emitter.value(y),
                emitter.adjoint(y),
                emitter.first(x),
                emitter.second(x),
                emitter.first(y),
                emitter.second(y),
                emitter.live(x),
                emitter.sums().hessian(),
                emitter.sums().third())));
    }

    @Override
    public void firstTangents(Op op, Emitter emitter) {
        Node x = op.input(0);
        Node y = op.output();
        if (emitter.keepsTangents()) {
            emitter.makeFirst(y);
        } else {
            stacks(x, y, emitter, false);
        }
        Kernels kernels = emitter.kernels();
        if (emitter.directions(y) == 1) {
            emitter.emit(
                    kernels.scalarAdjoint(f(), emitter.value(x), emitter.value(y), emitter.first(x), emitter.first(y)));
        } else {
            emitter.emit(
                    kernels.binary(Kernels.Binary.MULTIPLY, emitter.first(x), slope(op, emitter), emitter.first(y)));
        }
    }

    /** b_x += f' b_y + f'' t_x a_y, in one pass. */
    @Override
    public void adjointTangents(Op op, Emitter emitter) {
        Node x = op.input(0);
        Node y = op.output();
        emitter.contribute(
                x,
                out -> emitter.kernels()
                        .scalarAdjointTangents(new ScalarFunction.AdjointTangents(
                                f(),
                                emitter.value(x),
                                emitter.value(y),
                                emitter.lossAdjoint(y),
                                emitter.first(x),
                                emitter.adjoint(y),
                                out)));
    }

    @Override
    public boolean isNonlinear() {
        return true;
    }
}
