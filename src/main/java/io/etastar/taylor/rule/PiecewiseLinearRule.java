package io.etastar.taylor.rule;

import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.ScalarFunction;
import io.etastar.tensor.Tensor;
import java.util.function.DoubleUnaryOperator;

/** y = f(x) elementwise with f'' = 0 wherever it exists, such as relu: tangents are multiplied by the slope. */
public final class PiecewiseLinearRule extends ElementwiseRule {
    public PiecewiseLinearRule(Kernels.Unary map, ScalarFunction f) {
        super(map, f);
    }

    public PiecewiseLinearRule(DoubleUnaryOperator loop, ScalarFunction f) {
        super(loop, f);
    }

    @Override
    public void tangents(Op op, Emitter emitter) {
        Node x = op.input(0);
        Node y = op.output();
        Kernels kernels = emitter.kernels();
        Tensor slope = kernels.scratch(Kernels.Scratch.SLOPE, x.shape);
        emitter.emit(kernels.fill(slope, 1));
        emitter.emit(kernels.scalarAdjoint(f(), x.value, y.value, slope, slope));
        boolean second = y.secondNeeded && x.second != null;
        stacks(x, y, emitter, second);
        emitter.emit(kernels.binary(Kernels.Binary.MULTIPLY, x.first, slope, y.first));
        if (second) {
            emitter.emit(kernels.binary(Kernels.Binary.MULTIPLY, x.second, slope, y.second));
        }
    }

    @Override
    public boolean isNonlinear() {
        return false;
    }
}
