package io.etastar.taylor.rule;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Op;
import io.etastar.tensor.Indices;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;

/** Largest of each window of images, which saves where each was found; derivatives follow the winner, the first one of equals. */
public final class MaxPoolRule extends LinearRule {
    @Override
    public int[] outputShape(GraphOp source, int batch, int[]... inputs) {
        Windows.requireImages(source, inputs[0]);
        if (source.integers().length > 10 && source.integers()[10] != 0) {
            throw Op.error(source, "found channels last, expected images [N, C, H, W]");
        }
        Window window = Windows.of(source);
        for (int axis = 0; axis < 2; axis++) {
            if (!window.same() && window.padding()[axis] >= window.kernel()[axis]) {
                throw Op.error(
                        source,
                        "found padding " + window.padding()[axis] + " of windows of side " + window.kernel()[axis]
                                + ", expected less than the side");
            }
        }
        return Windows.output(source, window, inputs[0][1], inputs[0]);
    }

    @Override
    public void forward(Op op, Emitter emitter) {
        Indices winners = emitter.kernels().allocateIndices(op.output().length());
        emitter.save(op, winners);
        emitter.emit(emitter.kernels()
                .maxPool(emitter.value(op.input(0)), emitter.makeValue(op), winners, Windows.of(op.source())));
    }

    @Override
    protected Kernel apply(Op op, Emitter emitter, int count, Tensor in, Tensor out) {
        return emitter.kernels().gatherWinners(in, emitter.saved(op, Indices.class), out, count, op.shape(0)[0]);
    }

    @Override
    protected Kernel transpose(Op op, Emitter emitter, Tensor in, Tensor out) {
        return emitter.kernels().scatterWinners(in, emitter.saved(op, Indices.class), out, op.shape(0)[0]);
    }

    @Override
    public boolean picksMaxima() {
        return true;
    }
}
