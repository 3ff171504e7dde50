package io.etastar.taylor;

import io.etastar.tensor.Kernels;
import io.etastar.tensor.ScalarFunction;
import io.etastar.tensor.ScalarTangents;
import io.etastar.tensor.Tensor;
import java.util.function.DoubleUnaryOperator;

/** y = f(x) elementwise, with f smooth enough that f'' and f''' matter. */
final class ScalarRule extends ElementwiseRule {
    ScalarRule(Kernels.Unary map, ScalarFunction f) {
        super(map, f);
    }

    ScalarRule(DoubleUnaryOperator loop, ScalarFunction f) {
        super(loop, f);
    }

    @Override
    public void tangents(Op op, Tape tape) {
        Node x = op.input(0);
        Node y = op.output();
        int directions = x.directions();
        int n = x.length();
        Kernels kernels = tape.kernels();
        y.first = tape.stack(y);
        y.second = y.secondNeeded ? tape.stack(y) : null;
        Tensor weighted = kernels.allocate(directions, n);
        Tensor block = kernels.allocate(directions, directions);
        double[] order3 = new double[directions];
        tape.emit(kernels.scalarTangents(new ScalarTangents(
                f(), x.value, y.value, y.adjoint, x.first, x.second, y.first, y.second, weighted, order3)));
        tape.emit(kernels.matmul(weighted, false, x.first.view(directions, n), true, block, false));
        tape.emit(() -> {
            tape.sums().addBlock(x.live, x.live, block);
            tape.sums().addOrder3(x.live, order3);
        });
    }

    @Override
    public boolean bends() {
        return true;
    }
}
