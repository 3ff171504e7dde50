package io.etastar.taylor.rule;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;

/** z = x * y (cross-correlation) for images x [N, C, H, W] and a weight y [M, C, kH, kW]. */
public final class ConvolutionRule extends BilinearRule {
    @Override
    public int[] outputShape(GraphOp source, int batch, int[]... inputs) {
        Windows.requireImages(source, inputs[0]);
        long[] arguments = source.integers();
        if (arguments.length < 11 || arguments[10] != 1) {
            throw Op.error(source, "found another layout of weights, expected [out, in, rows, columns]");
        }
        Window window = Windows.of(source);
        if (inputs[1].length != 4 || inputs[1][1] != inputs[0][1]) {
            throw Op.rank(source, inputs[1], "a weight [out, " + inputs[0][1] + ", rows, columns]");
        }
        return Windows.output(source, window, inputs[1][0], inputs[0]);
    }

    @Override
    public double multiplyAdds(Op op) {
        int[] weight = op.shape(1);
        return (double) op.output().length() * weight[1] * weight[2] * weight[3];
    }

    @Override
    Kernel apply(Op op, Emitter emitter, Tensor x, Tensor y, Tensor out) {
        return emitter.kernels().convolution(x, y, out, Windows.of(op.source()));
    }

    @Override
    Kernel applyStack(Op op, Emitter emitter, int count, Tensor x, Tensor y, Tensor out) {
        return apply(
                op,
                emitter,
                x.view(Shapes.longer(count, op.shape(0))),
                y,
                out.view(Shapes.longer(count, op.output().shape)));
    }

    /** If one adjoint alone is as much work as both, both are made at once. */
    @Override
    public void reverse(Op op, Emitter emitter) {
        Node x = op.input(0);
        Node y = op.input(1);
        Window window = Windows.of(op.source());
        if (!x.active || !y.active || emitter.kernels().adjointsApart(window, x.shape)) {
            super.reverse(op, emitter);
            return;
        }
        Tensor weight = emitter.kernels().allocate(y.shape);
        Tensor adjoint = emitter.adjoint(op.output());
        emitter.contribute(
                x,
                out -> emitter.kernels()
                        .convolutionAdjoints(emitter.value(x), emitter.value(y), adjoint, out, weight, window));
        emitter.contributeView(y, weight);
    }

    @Override
    Kernel leftAdjoint(Op op, Emitter emitter, Tensor adjoint, Tensor y, Tensor out) {
        return emitter.kernels().convolutionImageAdjoint(adjoint, y, out, Windows.of(op.source()));
    }

    @Override
    Kernel rightAdjoint(Op op, Emitter emitter, Tensor adjoint, Tensor x, Tensor out) {
        return emitter.kernels().convolutionWeightAdjoint(x, adjoint, out, Windows.of(op.source()));
    }

    @Override
    public LayerForm layerForm(Op op) {
        return LayerForm.CONVOLUTION;
    }
}
