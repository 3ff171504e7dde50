package io.etastar.taylor;

import io.etastar.graph.GraphOp;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.ScalarFunction;
import io.etastar.tensor.Tensor;
import java.util.function.DoubleUnaryOperator;

/** y = f(x) elementwise: value and adjoint; how tangents go through is up to the subclass. */
abstract class ElementwiseRule implements Rule {
    private final Kernels.Unary map;
    private final DoubleUnaryOperator loop;
    private final ScalarFunction f;

    /**
     * @param map computes y
     * @param f its derivatives
     */
    ElementwiseRule(Kernels.Unary map, ScalarFunction f) {
        this.map = map;
        this.loop = null;
        this.f = f;
    }

    /**
     * @param loop computes y where backends have no op for it
     * @param f its derivatives
     */
    ElementwiseRule(DoubleUnaryOperator loop, ScalarFunction f) {
        this.map = null;
        this.loop = loop;
        this.f = f;
    }

    ScalarFunction f() {
        return f;
    }

    @Override
    public int[] outputShape(GraphOp source, int batch, int[]... inputs) {
        return inputs[0].clone();
    }

    @Override
    public void forward(Op op, Tape tape) {
        Tensor x = op.input(0).value;
        Tensor y = tape.value(op);
        tape.emit(map != null ? tape.kernels().map(map, x, y) : tape.kernels().map(loop, x, y));
    }

    @Override
    public void reverse(Op op, Tape tape) {
        Node x = op.input(0);
        Node y = op.output();
        tape.contribute(x, out -> tape.kernels().scalarAdjoint(f, x.value, y.value, y.adjoint, out));
    }
}
