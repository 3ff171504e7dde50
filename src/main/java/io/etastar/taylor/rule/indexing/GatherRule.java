package io.etastar.taylor.rule.indexing;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.RowAxes;
import io.etastar.taylor.rule.LinearRule;
import io.etastar.tensor.Indices;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;

/** y = rows of a table x [V, ...] that whole numbers pick: an embedding, linear in the table. */
public final class GatherRule extends LinearRule {
    @Override
    public int[] outputShape(GraphOp source, int batch, int[]... inputs) {
        if (source.integers().length > 0 && source.integers()[0] != 0 && source.integers()[0] != -inputs[0].length) {
            throw Op.error(source, "found axis " + source.integers()[0] + ", expected rows of the table (axis 0)");
        }
        int[] shape = new int[inputs[1].length + inputs[0].length - 1];
        System.arraycopy(inputs[1], 0, shape, 0, inputs[1].length);
        System.arraycopy(inputs[0], 1, shape, inputs[1].length, inputs[0].length - 1);
        return shape;
    }

    /**
     * Elements are found when the program runs.
     *
     * @throws IllegalArgumentException when it has run, if a number is no row
     */
    @Override
    public void forward(Op op, Emitter emitter) {
        Indices picked = emitter.kernels().allocateIndices(op.output().length());
        emitter.save(op, picked);
        emitter.emit(emitter.kernels().pickRows(emitter.value(op.input(1)), op.shape(0)[0], op.output().name, picked));
        super.forward(op, emitter);
    }

    @Override
    protected Kernel apply(Op op, Emitter emitter, int count, Tensor in, Tensor out) {
        return emitter.kernels().gatherWinners(in, emitter.saved(op, Indices.class), out, count, 1);
    }

    @Override
    protected Kernel transpose(Op op, Emitter emitter, Tensor in, Tensor out) {
        return emitter.kernels().scatterWinners(in, emitter.saved(op, Indices.class), out, 1);
    }

    @Override
    public boolean mixesRows(Op op, RowAxes axes, int axis, int batch) {
        return axes.axis(op.input(0)) == 0;
    }
}
