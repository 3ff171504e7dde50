package io.etastar.taylor.rule;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
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
        Tensor value = emitter.value(op);
        y.probabilities = emitter.kernels().allocate(y.shape);
        emitter.emit(emitter.kernels().logSoftmax(op.input(0).value, value));
        emitter.emit(emitter.kernels().map(Kernels.Unary.EXP, value, y.probabilities));
    }

    /** Sum of a row's adjoints, [N, 1]. */
    private static Tensor total(Op op, Emitter emitter) {
        Tensor total = emitter.kernels().allocate(op.shape(0)[0], 1);
        emitter.emit(emitter.kernels().sum(op.output().adjoint, new int[] {1}, total));
        return total;
    }

    @Override
    public void reverse(Op op, Emitter emitter) {
        Tensor total = total(op, emitter);
        Kernels kernels = emitter.kernels();
        emitter.contribute(op.input(0), out -> {
            Kernel share = kernels.binary(Binary.MULTIPLY, op.output().probabilities, total, out);
            Kernel rest = kernels.binary(Binary.SUBTRACT, op.output().adjoint, out, out);
            return Kernel.sequence(share, rest);
        });
    }

    @Override
    public void tangents(Op op, Emitter emitter) {
        Node z = op.input(0);
        Node y = op.output();
        Kernels kernels = emitter.kernels();
        LogSumExp curvature = new LogSumExp(emitter, z, y.probabilities);
        y.first = curvature.centred(z.first);
        Tensor squares = curvature.squared(y.first);
        if (y.secondNeeded) {
            Tensor linear = z.second == null ? kernels.allocate(z.first.shape()) : curvature.centred(z.second);
            emitter.second(y);
            emitter.emit(kernels.binary(Binary.SUBTRACT, linear, curvature.mean(squares), y.second));
        }
        Tensor weight = total(op, emitter);
        emitter.emit(kernels.affine(weight, -1, 0, weight));
        curvature.curvature(weight, y.first, squares);
    }

    @Override
    public void series(Op op, SeriesEmitter emitter) {
        Node y = op.output();
        y.series = emitter.stacks(y);
        emitter.emit(emitter.kernels()
                .logSoftmaxSeries(new Kernels.LogSoftmaxSeries(y.probabilities, op.input(0).series, y.series)));
    }

    @Override
    public void firstTangents(Op op, Emitter emitter) {
        Node y = op.output();
        y.first = new LogSumExp(emitter, op.input(0), y.probabilities).centred(op.input(0).first);
    }

    /** Beyond the reverse sweep of b: b_z -= p k sum(a_y) with k = t_z - &lt;p, t_z&gt;. */
    @Override
    public void adjointTangents(Op op, Emitter emitter) {
        if (op.output().adjoint != null) {
            reverse(op, emitter);
        }
        Tensor weight = emitter.kernels().allocate(op.shape(0)[0], 1);
        emitter.emit(emitter.kernels().sum(op.output().lossAdjoint, new int[] {1}, weight));
        emitter.emit(emitter.kernels().affine(weight, -1, 0, weight));
        new LogSumExp(emitter, op.input(0), op.output().probabilities).adjointTangents(weight, op.input(0).first);
    }

    @Override
    public boolean isNonlinear() {
        return true;
    }

    @Override
    public boolean mixesRows(Op op, int axis, int batch) {
        return op.input(0).rowAxis == op.shape(0).length - 1;
    }
}
