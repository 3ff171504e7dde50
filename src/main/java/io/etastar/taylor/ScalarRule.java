package io.etastar.taylor;

import io.etastar.tensor.Kernels;
import io.etastar.tensor.ScalarAdjointTangents;
import io.etastar.tensor.ScalarFunction;
import io.etastar.tensor.ScalarTangents;
import io.etastar.tensor.Tensor;

/** y = f(x) elementwise, with f smooth enough that f'' and f''' matter. */
final class ScalarRule extends ElementwiseRule {
    ScalarRule(Kernels.Unary map, ScalarFunction f) {
        super(map, f);
    }

    @Override
    public void tangents(Op op, Tape tape) {
        Node x = op.input(0);
        Node y = op.output();
        int directions = x.directions();
        int n = x.length();
        Kernels kernels = tape.kernels();
        tape.first(y);
        if (y.secondNeeded) {
            tape.second(y);
        }
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
    public void firstTangents(Op op, Tape tape) {
        Node x = op.input(0);
        Node y = op.output();
        tape.first(y);
        for (int k = 0; k < y.directions(); k++) {
            tape.emit(tape.kernels()
                    .scalarAdjoint(f(), x.value, y.value, x.first.rows(k, k + 1), y.first.rows(k, k + 1)));
        }
    }

    /** b_x += f' b_y + f'' t_x a_y, in one pass. */
    @Override
    public void adjointTangents(Op op, Tape tape) {
        Node x = op.input(0);
        Node y = op.output();
        tape.contribute(x, out -> tape.kernels()
                .scalarAdjointTangents(
                        new ScalarAdjointTangents(f(), x.value, y.value, y.lossAdjoint, x.first, y.adjoint, out)));
    }

    @Override
    public boolean bends() {
        return true;
    }
}
