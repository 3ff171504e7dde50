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
        int directions = x.directions();
        Kernels kernels = emitter.kernels();
        stacks(x, y, emitter, y.secondNeeded);
        double[] h = new double[directions * directions];
        double[] order3 = new double[directions];
        emitter.emit(kernels.scalarTangents(new ScalarFunction.Tangents(
                f(), x.value, y.value, y.adjoint, x.first, x.second, y.first, y.second, h, order3)));
        emitter.emit(() -> {
            emitter.sums().addTriangle(x.live, h);
            emitter.sums().addOrder3(x.live, order3);
        });
    }

    @Override
    public void firstTangents(Op op, Emitter emitter) {
        Node x = op.input(0);
        Node y = op.output();
        emitter.first(y);
        for (int k = 0; k < y.directions(); k++) {
            emitter.emit(emitter.kernels()
                    .scalarAdjoint(f(), x.value, y.value, x.first.rows(k, k + 1), y.first.rows(k, k + 1)));
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
                                f(), x.value, y.value, y.lossAdjoint, x.first, y.adjoint, out)));
    }

    @Override
    public boolean isNonlinear() {
        return true;
    }
}
