package io.etastar.taylor.rule;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Op;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;
import java.util.function.DoubleUnaryOperator;

/** y = scale x + shift with numbers that are functions of the op's scalar c. */
public final class AffineRule extends LinearRule {
    private final DoubleUnaryOperator scale;
    private final DoubleUnaryOperator shift;

    public AffineRule(DoubleUnaryOperator scale, DoubleUnaryOperator shift) {
        this.scale = scale;
        this.shift = shift;
    }

    @Override
    public int[] outputShape(GraphOp source, int batch, int[]... inputs) {
        return inputs[0].clone();
    }

    private static double number(Op op) {
        return op.source().scalars().length == 0 ? 0 : op.source().scalars()[0];
    }

    @Override
    public void forward(Op op, Emitter emitter) {
        double c = number(op);
        emitter.emit(emitter.kernels()
                .affine(
                        emitter.value(op.input(0)),
                        scale.applyAsDouble(c),
                        shift.applyAsDouble(c),
                        emitter.makeValue(op)));
    }

    @Override
    protected Kernel apply(Op op, Emitter emitter, int count, Tensor in, Tensor out) {
        return emitter.kernels().affine(in, scale.applyAsDouble(number(op)), 0, out);
    }

    @Override
    protected Kernel transpose(Op op, Emitter emitter, Tensor in, Tensor out) {
        return emitter.kernels().affine(in, scale.applyAsDouble(number(op)), 0, out);
    }
}
