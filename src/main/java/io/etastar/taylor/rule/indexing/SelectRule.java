package io.etastar.taylor.rule.indexing;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.RowAxes;
import io.etastar.taylor.rule.LinearRule;
import io.etastar.tensor.Indices;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Shapes;
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
        return emitter.kernels().gatherWinners(in, emitter.saved(op, Indices.class), out, count, parts(op));
    }

    @Override
    protected Kernel transpose(Op op, Emitter emitter, Tensor in, Tensor out) {
        return emitter.kernels().scatterWinners(in, emitter.saved(op, Indices.class), out, parts(op));
    }

    /** The first axis's places if each stays what it was, as where heads of attention are split: kernels then work in a cache. */
    private int parts(Op op) {
        int places = op.output().shape[0];
        if (op.shape(0)[0] != places) {
            return 1;
        }
        int[] from = view.apply(op.source(), op.shape(0)).indices();
        int step = Shapes.length(op.shape(0)) / places;
        int count = from.length / places;
        for (int i = 0; i < from.length; i++) {
            if (from[i] / step != i / count) {
                return 1;
            }
        }
        return places;
    }

    @Override
    public boolean mixesRows(Op op, RowAxes axes, int axis, int batch) {
        return op.output().shape[axis] % batch != 0;
    }
}
