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

    /** What the value leaves for the derivatives: softmax of the logits, and one-hot labels. */
    private record Saved(Tensor probabilities, Tensor labels) {
        static Saved of(Op op, Emitter emitter) {
            return emitter.saved(op, Saved.class);
        }
    }

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
        Saved saved = new Saved(kernels.allocate(z.shape), kernels.allocate(z.shape));
        emitter.save(op, saved);
        Tensor loss = emitter.makeValue(op);
        emitter.emit(kernels.logSoftmax(emitter.value(z), logP));
        emitter.emit(kernels.oneHot(emitter.value(op.input(LABELS)), saved.labels));
        emitter.emit(kernels.binary(Binary.MULTIPLY, logP, saved.labels, picked));
        emitter.emit(kernels.sum(picked, new int[] {1}, loss));
        emitter.emit(kernels.affine(loss, -1, 0, loss));
        emitter.emit(kernels.map(Kernels.Unary.EXP, logP, saved.probabilities));
    }

    /** p - one-hot, the derivative of each row's loss. */
    private static Tensor slope(Op op, Emitter emitter) {
        Saved saved = Saved.of(op, emitter);
        Tensor slope = emitter.kernels().allocate(op.shape(LOGITS));
        emitter.emit(emitter.kernels().binary(Binary.SUBTRACT, saved.probabilities, saved.labels, slope));
        return slope;
    }

    private static Tensor column(Op op, Emitter emitter) {
        return emitter.adjoint(op.output()).view(op.output().length(), 1);
    }

    @Override
    public void reverse(Op op, Emitter emitter) {
        Tensor slope = slope(op, emitter);
        emitter.contribute(
                op.input(LOGITS), out -> emitter.kernels().binary(Binary.MULTIPLY, slope, column(op, emitter), out));
    }

    @Override
    public void tangents(Op op, Emitter emitter) {
        Node z = op.input(LOGITS);
        Node l = op.output();
        Kernels kernels = emitter.kernels();
        LogSumExp curvature = new LogSumExp(emitter, z, Saved.of(op, emitter).probabilities);
        Tensor slope = slope(op, emitter);
        emitter.setFirst(l, curvature.rowSums(emitter.first(z), slope).view(emitter.directions(z), l.length()));
        Tensor centred = curvature.centred(emitter.first(z));
        Tensor squares = curvature.squared(centred);
        if (emitter.needsSecond(l)) {
            emitter.setSecond(l, curvature.mean(squares).view(emitter.directions(z), l.length()));
            if (emitter.second(z) != null) {
                Tensor linear = curvature.rowSums(emitter.second(z), slope).view(emitter.directions(z), l.length());
                emitter.emit(kernels.binary(Binary.ADD, emitter.second(l), linear, emitter.second(l)));
            }
        }
        curvature.curvature(column(op, emitter), centred, squares);
    }

    @Override
    public void series(Op op, SeriesEmitter emitter) {
        Node z = op.input(LOGITS);
        Node l = op.output();
        Kernels kernels = emitter.kernels();
        Tensor[] logP = emitter.stacks(z);
        Tensor[] series = emitter.stacks(l);
        emitter.setSeries(l, series);
        emitter.emit(kernels.logSoftmaxSeries(
                new Kernels.LogSoftmaxSeries(Saved.of(op, emitter.emitter()).probabilities, emitter.series(z), logP)));
        Tensor labels = Saved.of(op, emitter.emitter()).labels;
        for (int k = 0; k < emitter.order(); k++) {
            emitter.emit(kernels.binary(Binary.MULTIPLY, logP[k], labels, logP[k]));
            emitter.emit(kernels.sum(logP[k], new int[] {2}, series[k]));
            emitter.emit(kernels.affine(series[k], -1, 0, series[k]));
        }
    }

    @Override
    public void firstTangents(Op op, Emitter emitter) {
        Node z = op.input(LOGITS);
        Node l = op.output();
        LogSumExp curvature = new LogSumExp(emitter, z, Saved.of(op, emitter).probabilities);
        emitter.setFirst(
                l, curvature.rowSums(emitter.first(z), slope(op, emitter)).view(emitter.directions(z), l.length()));
    }

    /** Beyond the reverse sweep of b: b_z += a_l p k with k = t_z - &lt;p, t_z&gt;. */
    @Override
    public void adjointTangents(Op op, Emitter emitter) {
        if (emitter.adjoint(op.output()) != null) {
            reverse(op, emitter);
        }
        Node l = op.output();
        Tensor weight = emitter.lossAdjoint(l).view(l.length(), 1);
        new LogSumExp(emitter, op.input(LOGITS), Saved.of(op, emitter).probabilities)
                .adjointTangents(weight, emitter.first(op.input(LOGITS)));
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
