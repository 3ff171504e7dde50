package io.etastar.taylor.rule;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Op;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;

/**
 * z = x y for matrices x [n, m] and y [m, o], or for stacks of as many, z[g] = x[g] y[g]; either of them transposed if the
 * op's first two integers say so.
 */
public final class MatmulRule extends BilinearRule {
    public static boolean transposed(GraphOp source, int operand) {
        return source.integers().length > operand && source.integers()[operand] == 1;
    }

    @Override
    public int[] outputShape(GraphOp source, int batch, int[]... inputs) {
        int rank = inputs[0].length;
        for (int[] shape : inputs) {
            if (shape.length != rank || rank != 2 && rank != 3) {
                throw Op.rank(source, shape, "two matrices or two stacks of matrices");
            }
        }
        if (rank == 3 && inputs[0][0] != inputs[1][0]) {
            throw Op.rank(source, inputs[1], inputs[0][0] + " matrices, as the left operand has");
        }
        if (transposed(source, 2)) {
            throw Op.error(source, "found a transposed result, expected transposed operands only");
        }
        boolean flipX = transposed(source, 0);
        boolean flipY = transposed(source, 1);
        int rows = rank - 2;
        int columns = rank - 1;
        int inner = inputs[0][flipX ? rows : columns];
        if (inner != inputs[1][flipY ? columns : rows]) {
            throw Op.rank(source, inputs[1], inner + " rows to match the left operand");
        }
        int[] shape = inputs[0].clone();
        shape[rows] = inputs[0][flipX ? columns : rows];
        shape[columns] = inputs[1][flipY ? rows : columns];
        return shape;
    }

    @Override
    public double multiplyAdds(Op op) {
        int rank = op.shape(0).length;
        int inner = op.shape(0)[transposed(op.source(), 0) ? rank - 2 : rank - 1];
        return (double) op.output().length() * inner;
    }

    @Override
    Kernel apply(Op op, Emitter emitter, Tensor x, Tensor y, Tensor out) {
        return emitter.kernels().matmul(x, transposed(op.source(), 0), y, transposed(op.source(), 1), out, false);
    }

    @Override
    Kernel applyStack(Op op, Emitter emitter, int count, Tensor x, Tensor y, Tensor out) {
        if (op.shape(0).length == 2 && !transposed(op.source(), 0)) {
            int[] in = op.shape(0);
            int[] to = op.output().shape;
            return apply(op, emitter, x.view(count * in[0], in[1]), y, out.view(count * to[0], to[1]));
        }
        Kernel[] each = new Kernel[count];
        for (int k = 0; k < count; k++) {
            each[k] = apply(
                    op,
                    emitter,
                    x.rows(k, k + 1).view(op.shape(0)),
                    y,
                    out.rows(k, k + 1).view(op.output().shape));
        }
        return Kernel.sequence(each);
    }

    /** x = z y^T, or its transpose. */
    @Override
    Kernel leftAdjoint(Op op, Emitter emitter, Tensor adjoint, Tensor y, Tensor out) {
        boolean flipY = transposed(op.source(), 1);
        return transposed(op.source(), 0)
                ? emitter.kernels().matmul(y, flipY, adjoint, true, out, false)
                : emitter.kernels().matmul(adjoint, false, y, !flipY, out, false);
    }

    /** y = x^T z, or its transpose. */
    @Override
    Kernel rightAdjoint(Op op, Emitter emitter, Tensor adjoint, Tensor x, Tensor out) {
        boolean flipX = transposed(op.source(), 0);
        return transposed(op.source(), 1)
                ? emitter.kernels().matmul(adjoint, true, x, flipX, out, false)
                : emitter.kernels().matmul(x, !flipX, adjoint, false, out, false);
    }

    @Override
    public LayerForm layerForm(Op op) {
        return op.shape(0).length == 2 && !transposed(op.source(), 0) ? LayerForm.DENSE : LayerForm.NONE;
    }
}
