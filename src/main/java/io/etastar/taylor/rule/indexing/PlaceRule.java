package io.etastar.taylor.rule.indexing;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.RowAxes;
import io.etastar.taylor.rule.LinearRule;
import io.etastar.tensor.Indices;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;

/**
 * y = x among zeros: y[before_0 + i_0, ...] = x[i_0, ...]. Integers are {before, after} of every axis; a concatenation is a sum
 * of these.
 */
public final class PlaceRule extends LinearRule {
    @Override
    public int[] outputShape(GraphOp source, int batch, int[]... inputs) {
        long[] margins = source.integers();
        if (margins.length != 2 * inputs[0].length) {
            throw Op.rank(source, inputs[0], "margins before and after every axis");
        }
        int[] shape = inputs[0].clone();
        for (int i = 0; i < shape.length; i++) {
            shape[i] += (int) (margins[2 * i] + margins[2 * i + 1]);
        }
        return shape;
    }

    @Override
    public void forward(Op op, Emitter emitter) {
        int[] strides = StridedView.strides(op.output().shape);
        int offset = 0;
        for (int i = 0; i < strides.length; i++) {
            offset += (int) op.source().integers()[2 * i] * strides[i];
        }
        StridedView places = new StridedView(offset, op.shape(0), strides, op.shape(0));
        emitter.save(op, emitter.kernels().indices(places.indices()));
        super.forward(op, emitter);
    }

    @Override
    protected Kernel apply(Op op, Emitter emitter, int count, Tensor in, Tensor out) {
        Tensor inputs = in.view(count, in.length() / count);
        Tensor outputs = out.view(count, out.length() / count);
        Kernel[] each = new Kernel[count];
        for (int k = 0; k < count; k++) {
            each[k] = emitter.kernels()
                    .scatterWinners(inputs.rows(k, k + 1), emitter.saved(op, Indices.class), outputs.rows(k, k + 1), 1);
        }
        return Kernel.sequence(each);
    }

    @Override
    protected Kernel transpose(Op op, Emitter emitter, Tensor in, Tensor out) {
        return emitter.kernels().gatherWinners(in, emitter.saved(op, Indices.class), out, 1, 1);
    }

    @Override
    public boolean mixesRows(Op op, RowAxes axes, int axis, int batch) {
        int side = op.output().shape[axis];
        return side % batch != 0 || axes.axis(op.input(0)) == axis && op.shape(0)[axis] != side;
    }
}
