package io.etastar.taylor.rule.indexing;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.RowAxes;
import io.etastar.taylor.rule.LinearRule;
import io.etastar.tensor.Indices;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;
import java.util.function.BiFunction;

/** y_i = x_(index i) with indices that the op's arguments fix: permutations, slices, repeats. */
public final class SelectRule extends LinearRule {
    private final BiFunction<GraphOp, int[], StridedView> view;

    /** @param view what is selected, from the op's arguments and the input's shape */
    public SelectRule(BiFunction<GraphOp, int[], StridedView> view) {
        this.view = view;
    }

    @Override
    public int[] outputShape(GraphOp source, int batch, int[]... inputs) {
        return view.apply(source, inputs[0]).shape();
    }

    @Override
    public void forward(Op op, Emitter emitter) {
        emitter.save(
                op,
                emitter.kernels().indices(view.apply(op.source(), op.shape(0)).indices()));
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
        return op.output().shape[axis] % batch != 0;
    }
}
