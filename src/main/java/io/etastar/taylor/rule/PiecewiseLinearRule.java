package io.etastar.taylor.rule;

import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.Rule;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.ScalarFunction;
import io.etastar.tensor.Tensor;
import java.util.function.DoubleUnaryOperator;

/** y = f(x) elementwise with f'' = 0 wherever it exists, such as relu: tangents are multiplied by the slope. */
public final class PiecewiseLinearRule extends ElementwiseRule implements Rule.WithoutCurvature {
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
        Tensor slope = slope(op, emitter);
        boolean second = emitter.needsSecond(y) && emitter.second(x) != null;
        stacks(x, y, emitter, second);
        emitter.emit(kernels.binary(Kernels.Binary.MULTIPLY, emitter.first(x), slope, emitter.first(y)));
        if (second) {
            emitter.emit(kernels.binary(Kernels.Binary.MULTIPLY, emitter.second(x), slope, emitter.second(y)));
        }
    }
}
