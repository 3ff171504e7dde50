package io.etastar.taylor.rule;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Op;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;

/** z = x y elementwise with broadcasting. */
public final class MultiplyRule extends BilinearRule {
    @Override
    public int[] outputShape(GraphOp source, int batch, int[]... inputs) {
        try {
            return Shapes.broadcast(inputs[0], inputs[1]);
        } catch (IllegalArgumentException e) {
            throw Op.error(source, e.getMessage());
        }
    }

    @Override
    public double multiplyAdds(Op op) {
        return 0.5 * op.output().length();
    }

    @Override
    Kernel apply(Op op, Emitter emitter, Tensor x, Tensor y, Tensor out) {
        return emitter.kernels().binary(Kernels.Binary.MULTIPLY, x, y, out);
    }

    @Override
    Kernel applyStack(Op op, Emitter emitter, int count, Tensor x, Tensor y, Tensor out) {
        int[] aligned = Shapes.padded(op.output().shape.length, op.shape(0));
        return apply(op, emitter, x.view(Shapes.stacked(count, aligned)), y, out);
    }

    @Override
    Kernel leftAdjoint(Op op, Emitter emitter, Tensor adjoint, Tensor y, Tensor out) {
        return adjoint(op, emitter, adjoint, y, op.shape(0), out);
    }

    @Override
    Kernel rightAdjoint(Op op, Emitter emitter, Tensor adjoint, Tensor x, Tensor out) {
        return adjoint(op, emitter, adjoint, x, op.shape(1), out);
    }

    private static Kernel adjoint(Op op, Emitter emitter, Tensor adjoint, Tensor other, int[] shape, Tensor out) {
        Kernels kernels = emitter.kernels();
        int[] repeated = Shapes.repeatedAxes(shape, op.output().shape);
        if (repeated.length == 0) {
            // An operand of fewer axes than the output, whose further ones have length 1.
            return kernels.binary(Kernels.Binary.MULTIPLY, adjoint, other, out.view(op.output().shape));
        }
        Tensor product = kernels.scratch(Kernels.Scratch.PRODUCT, op.output().shape);
        Kernel multiply = kernels.binary(Kernels.Binary.MULTIPLY, adjoint, other, product);
        Kernel sum = kernels.sum(product, repeated, out);
        return Kernel.sequence(multiply, sum);
    }
}
