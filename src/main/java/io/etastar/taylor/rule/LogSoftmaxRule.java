package io.etastar.taylor.rule;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.RowAxes;
import io.etastar.taylor.graph.Rule;
import io.etastar.taylor.graph.SeriesEmitter;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.Kernels.Binary;
import io.etastar.tensor.Tensor;

/** y_n = z_n - logsumexp(z_n) for rows of logits z [N, C]. */
public record LogSoftmaxRule() implements Rule {
    @Override
    public int[] outputShape(GraphOp source, int batch, int[]... inputs) {
        long axis = source.integers().length == 0 ? -1 : source.integers()[0];
        if (inputs[0].length != 2 || axis != -1 && axis != 1) {
            throw Op.rank(source, inputs[0], "logits [N, classes] with the softmax over classes");
        }
        return inputs[0].clone();
    }

    @Override
    public void forward(Op op, Emitter emitter) {
        Node y = op.output();
        Tensor value = emitter.makeValue(op);
        Tensor probabilities = emitter.kernels().allocate(y.shape);
        emitter.save(op, probabilities);
        emitter.emit(emitter.kernels().logSoftmax(emitter.value(op.input(0)), value));
        emitter.emit(emitter.kernels().map(Kernels.Unary.EXP, value, probabilities));
    }

    private static Tensor probabilities(Op op, Emitter emitter) {
        return emitter.saved(op, Tensor.class);
    }

    /** Sum of a row's adjoints, [N, 1]. */
    private static Tensor total(Op op, Emitter emitter) {
        Tensor total = emitter.kernels().allocate(op.shape(0)[0], 1);
        emitter.emit(emitter.kernels().sum(emitter.adjoint(op.output()), new int[] {1}, total));
        return total;
    }

    @Override
    public void reverse(Op op, Emitter emitter) {
        Tensor total = total(op, emitter);
        Kernels kernels = emitter.kernels();
        emitter.contribute(op.input(0), out -> {
            Kernel share = kernels.binary(Binary.MULTIPLY, probabilities(op, emitter), total, out);
            Kernel rest = kernels.binary(Binary.SUBTRACT, emitter.adjoint(op.output()), out, out);
            return Kernel.sequence(share, rest);
        });
    }

    @Override
    public void tangents(Op op, Emitter emitter) {
        Node z = op.input(0);
        Node y = op.output();
        Kernels kernels = emitter.kernels();
        LogSumExp curvature = new LogSumExp(emitter, z, probabilities(op, emitter));
        emitter.setFirst(y, curvature.centred(emitter.first(z)));
        Tensor squares = curvature.squared(emitter.first(y));
        if (emitter.needsSecond(y)) {
            Tensor linear = emitter.second(z) == null
                    ? kernels.allocate(emitter.first(z).shape())
                    : curvature.centred(emitter.second(z));
            emitter.makeSecond(y);
            emitter.emit(kernels.binary(Binary.SUBTRACT, linear, curvature.mean(squares), emitter.second(y)));
        }
        Tensor weight = total(op, emitter);
        emitter.emit(kernels.affine(weight, -1, 0, weight));
        curvature.curvature(weight, emitter.first(y), squares);
    }

    @Override
    public void series(Op op, SeriesEmitter emitter) {
        Node y = op.output();
        emitter.setSeries(y, emitter.stacks(y));
        emitter.emit(emitter.kernels()
                .logSoftmaxSeries(new Kernels.LogSoftmaxSeries(
                        probabilities(op, emitter.emitter()), emitter.series(op.input(0)), emitter.series(y))));
    }

    @Override
    public void firstTangents(Op op, Emitter emitter) {
        Node y = op.output();
        emitter.setFirst(
                y, new LogSumExp(emitter, op.input(0), probabilities(op, emitter)).centred(emitter.first(op.input(0))));
    }

    /** Beyond the reverse sweep of b: b_z -= p k sum(a_y) with k = t_z - &lt;p, t_z&gt;. */
    @Override
    public void adjointTangents(Op op, Emitter emitter) {
        if (emitter.adjoint(op.output()) != null) {
            reverse(op, emitter);
        }
        Tensor weight = emitter.kernels().allocate(op.shape(0)[0], 1);
        emitter.emit(emitter.kernels().sum(emitter.lossAdjoint(op.output()), new int[] {1}, weight));
        emitter.emit(emitter.kernels().affine(weight, -1, 0, weight));
        new LogSumExp(emitter, op.input(0), probabilities(op, emitter))
                .adjointTangents(weight, emitter.first(op.input(0)));
    }

    @Override
    public boolean isNonlinear() {
        return true;
    }

    @Override
    public boolean mixesRows(Op op, RowAxes axes, int axis, int batch) {
        return axes.axis(op.input(0)) == op.shape(0).length - 1;
    }
}
