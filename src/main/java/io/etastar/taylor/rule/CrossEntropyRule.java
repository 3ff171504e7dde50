package io.etastar.taylor.rule;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.Rule;
import io.etastar.taylor.graph.SeriesEmitter;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.Kernels.Binary;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;

/** l_n = logsumexp(z_n) - z_n[label n]: cross-entropy of logits z [N, C] and class indices [N], one value per row. */
public record CrossEntropyRule() implements Rule {
    private static final int LABELS = 0;
    private static final int LOGITS = 1;

    @Override
    public int[] outputShape(GraphOp source, int batch, int[]... inputs) {
        if (inputs[LOGITS].length != 2) {
            throw Op.rank(source, inputs[LOGITS], "logits [N, classes]");
        }
        if (Shapes.length(inputs[LABELS]) != inputs[LOGITS][0]) {
            throw Op.rank(source, inputs[LABELS], inputs[LOGITS][0] + " labels, one class index for each row");
        }
        return new int[] {inputs[LOGITS][0]};
    }

    @Override
    public void forward(Op op, Emitter emitter) {
        Kernels kernels = emitter.kernels();
        Node z = op.input(LOGITS);
        Node l = op.output();
        Tensor logP = kernels.allocate(z.shape);
        Tensor picked = kernels.allocate(z.shape);
        l.probabilities = kernels.allocate(z.shape);
        l.labels = kernels.allocate(z.shape);
        Tensor loss = emitter.value(op);
        emitter.emit(kernels.logSoftmax(z.value, logP));
        emitter.emit(kernels.oneHot(op.input(LABELS).value, l.labels));
        emitter.emit(kernels.binary(Binary.MULTIPLY, logP, l.labels, picked));
        emitter.emit(kernels.sum(picked, new int[] {1}, loss));
        emitter.emit(kernels.affine(loss, -1, 0, loss));
        emitter.emit(kernels.map(Kernels.Unary.EXP, logP, l.probabilities));
    }

    /** p - one-hot, the derivative of each row's loss. */
    private static Tensor slope(Op op, Emitter emitter) {
        Node l = op.output();
        Tensor slope = emitter.kernels().allocate(op.shape(LOGITS));
        emitter.emit(emitter.kernels().binary(Binary.SUBTRACT, l.probabilities, l.labels, slope));
        return slope;
    }

    private static Tensor column(Op op) {
        return op.output().adjoint.view(op.output().length(), 1);
    }

    @Override
    public void reverse(Op op, Emitter emitter) {
        Tensor slope = slope(op, emitter);
        emitter.contribute(op.input(LOGITS), out -> emitter.kernels().binary(Binary.MULTIPLY, slope, column(op), out));
    }

    @Override
    public void tangents(Op op, Emitter emitter) {
        Node z = op.input(LOGITS);
        Node l = op.output();
        Kernels kernels = emitter.kernels();
        LogSumExp curvature = new LogSumExp(emitter, z, l.probabilities);
        Tensor slope = slope(op, emitter);
        l.first = curvature.rowSums(z.first, slope).view(z.directions(), l.length());
        Tensor centred = curvature.centred(z.first);
        Tensor squares = curvature.squared(centred);
        if (l.secondNeeded) {
            l.second = curvature.mean(squares).view(z.directions(), l.length());
            if (z.second != null) {
                Tensor linear = curvature.rowSums(z.second, slope).view(z.directions(), l.length());
                emitter.emit(kernels.binary(Binary.ADD, l.second, linear, l.second));
            }
        }
        curvature.curvature(column(op), centred, squares);
    }

    @Override
    public void series(Op op, SeriesEmitter emitter) {
        Node z = op.input(LOGITS);
        Node l = op.output();
        Kernels kernels = emitter.kernels();
        Tensor[] logP = emitter.stacks(z);
        l.series = emitter.stacks(l);
        emitter.emit(kernels.logSoftmaxSeries(new Kernels.LogSoftmaxSeries(l.probabilities, z.series, logP)));
        for (int k = 0; k < emitter.order(); k++) {
            emitter.emit(kernels.binary(Binary.MULTIPLY, logP[k], l.labels, logP[k]));
            emitter.emit(kernels.sum(logP[k], new int[] {2}, l.series[k]));
            emitter.emit(kernels.affine(l.series[k], -1, 0, l.series[k]));
        }
    }

    @Override
    public void firstTangents(Op op, Emitter emitter) {
        Node z = op.input(LOGITS);
        Node l = op.output();
        LogSumExp curvature = new LogSumExp(emitter, z, l.probabilities);
        l.first = curvature.rowSums(z.first, slope(op, emitter)).view(z.directions(), l.length());
    }

    /** Beyond the reverse sweep of b: b_z += a_l p k with k = t_z - &lt;p, t_z&gt;. */
    @Override
    public void adjointTangents(Op op, Emitter emitter) {
        if (op.output().adjoint != null) {
            reverse(op, emitter);
        }
        Node l = op.output();
        Tensor weight = l.lossAdjoint.view(l.length(), 1);
        new LogSumExp(emitter, op.input(LOGITS), l.probabilities).adjointTangents(weight, op.input(LOGITS).first);
    }

    @Override
    public boolean isNonlinear() {
        return true;
    }

    @Override
    public Node crossEntropyLogits(Op op) {
        return op.input(LOGITS);
    }
}
