package io.etastar.taylor.rule;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Op;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;

/** Mean of each window of images. */
public final class AveragePoolRule extends LinearRule {
    private static final int DIVISOR = 9;

    @Override
    public int[] outputShape(GraphOp source, int batch, int[]... inputs) {
        if (Windows.of(source).dilated()) {
            throw Op.error(source, "found dilation, expected windows without gaps");
        }
        return new MaxPoolRule().outputShape(source, batch, inputs);
    }

    private static boolean countPadding(Op op) {
        return op.source().integers()[DIVISOR] == 1;
    }

    @Override
    protected Kernel apply(Op op, Emitter emitter, int count, Tensor in, Tensor out) {
        Tensor images = in.view(Shapes.longer(count, op.shape(0)));
        Tensor pooled = out.view(Shapes.longer(count, op.output().shape));
        return emitter.kernels().averagePool(images, pooled, Windows.of(op.source()), countPadding(op));
    }

    @Override
    protected Kernel transpose(Op op, Emitter emitter, Tensor in, Tensor out) {
        return emitter.kernels()
                .averagePoolAdjoint(emitter.value(op.input(0)), in, out, Windows.of(op.source()), countPadding(op));
    }
}
