package io.etastar.taylor;

import io.etastar.graph.GraphOp;
import java.util.function.DoubleUnaryOperator;

/**
 * y = scale x + shift with numbers from the op's scalar c.
 *
 * @param scale of c
 * @param shift of c
 */
record AffineRule(DoubleUnaryOperator scale, DoubleUnaryOperator shift) implements Rule {
    @Override
    public int[] outputShape(GraphOp source, int batch, int[]... inputs) {
        return inputs[0].clone();
    }

    private static double number(Op op) {
        return op.source().scalars().length == 0 ? 0 : op.source().scalars()[0];
    }

    @Override
    public void forward(Op op, Tape tape) {
        double c = number(op);
        tape.emit(tape.kernels()
                .affine(op.input(0).value, scale.applyAsDouble(c), shift.applyAsDouble(c), tape.value(op)));
    }

    @Override
    public void reverse(Op op, Tape tape) {
        double factor = scale.applyAsDouble(number(op));
        tape.contribute(op.input(0), out -> tape.kernels().affine(op.output().adjoint, factor, 0, out));
    }

    @Override
    public void tangents(Op op, Tape tape) {
        double factor = scale.applyAsDouble(number(op));
        LinearTangents.emit(op, tape, (in, out) -> tape.kernels().affine(in, factor, 0, out));
    }

    @Override
    public boolean bends() {
        return false;
    }
}
