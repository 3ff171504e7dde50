package io.etastar.taylor.rule;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Op;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;

/** z = every channel of images x [N, C, H, W] convolved with its own M kernels, weight y [kH, kW, C, M]. */
public final class DepthwiseRule extends BilinearRule {
    private static final int LAYOUT = 9;

    @Override
    public int[] outputShape(GraphOp source, int batch, int[]... inputs) {
        Windows.requireImages(source, inputs[0]);
        if (source.integers().length <= LAYOUT || source.integers()[LAYOUT] != 0) {
            throw Op.error(source, "found channels last, expected images [N, C, H, W]");
        }
        if (source.integers().length > LAYOUT + 1 && source.integers()[LAYOUT + 1] != 0) {
            throw Op.error(source, "found another layout of weights, expected [rows, columns, channels, multiplier]");
        }
        int[] kernel = Windows.of(source).kernel();
        int[] weight = inputs[1];
        boolean fits = weight.length == 4 && weight[0] == kernel[0] && weight[1] == kernel[1];
        if (!fits || weight[2] != inputs[0][1]) {
            throw Op.rank(
                    source,
                    weight,
                    "a weight [" + kernel[0] + ", " + kernel[1] + ", " + inputs[0][1] + ", channels of each channel]");
        }
        return Windows.output(source, Windows.of(source), weight[2] * weight[3], inputs[0]);
    }

    @Override
    public double multiplyAdds(Op op) {
        return (double) op.output().length() * op.shape(1)[0] * op.shape(1)[1];
    }

    @Override
    Kernel apply(Op op, Emitter emitter, Tensor x, Tensor y, Tensor out) {
        return emitter.kernels().depthwise(x, y, out, Windows.of(op.source()));
    }

    @Override
    Kernel applyStack(Op op, Emitter emitter, int count, Tensor x, Tensor y, Tensor out) {
        Tensor images = x.view(Shapes.longer(count, op.shape(0)));
        return apply(op, emitter, images, y, out.view(Shapes.longer(count, op.output().shape)));
    }

    @Override
    Kernel leftAdjoint(Op op, Emitter emitter, Tensor adjoint, Tensor y, Tensor out) {
        return emitter.kernels().depthwiseImageAdjoint(adjoint, y, out, Windows.of(op.source()));
    }

    @Override
    Kernel rightAdjoint(Op op, Emitter emitter, Tensor adjoint, Tensor x, Tensor out) {
        return emitter.kernels().depthwiseWeightAdjoint(x, adjoint, out, Windows.of(op.source()));
    }
}
