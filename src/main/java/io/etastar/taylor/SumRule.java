package io.etastar.taylor;

import io.etastar.graph.GraphOp;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * y = sum or mean of x over some axes, all where none are named.
 *
 * @param mean whether to divide by the number of elements summed
 */
record SumRule(boolean mean) implements Rule {
    private static int[] axes(GraphOp source, int rank) {
        if (source.axes().length == 0) {
            return IntStream.range(0, rank).toArray();
        }
        return Arrays.stream(source.axes())
                .map(axis -> axis < 0 ? axis + rank : axis)
                .sorted()
                .toArray();
    }

    /** The input's shape with the summed axes of length 1. */
    private static int[] kept(GraphOp source, int... input) {
        int[] shape = input.clone();
        for (int axis : axes(source, input.length)) {
            shape[axis] = 1;
        }
        return shape;
    }

    @Override
    public int[] outputShape(GraphOp source, int batch, int[]... inputs) {
        if (source.keepAxes()) {
            return kept(source, inputs[0]);
        }
        int[] axes = axes(source, inputs[0].length);
        return IntStream.range(0, inputs[0].length)
                .filter(i -> Arrays.stream(axes).noneMatch(axis -> axis == i))
                .map(i -> inputs[0][i])
                .toArray();
    }

    private double factor(Op op) {
        return mean ? (double) op.output().length() / op.input(0).length() : 1;
    }

    private Kernel sum(Op op, Tape tape, Tensor in, int[] axes, Tensor out) {
        Kernel sum = tape.kernels().sum(in, axes, out);
        if (!mean) {
            return sum;
        }
        return Kernel.sequence(sum, tape.kernels().affine(out, factor(op), 0, out));
    }

    @Override
    public void forward(Op op, Tape tape) {
        int[] axes = axes(op.source(), op.shape(0).length);
        tape.emit(sum(op, tape, op.input(0).value, axes, tape.value(op)));
    }

    @Override
    public void reverse(Op op, Tape tape) {
        Node x = op.input(0);
        Kernels kernels = tape.kernels();
        tape.contribute(x, out -> {
            Tensor factors = kernels.allocate(x.shape);
            factors.fill(0, factors.length(), factor(op));
            return kernels.binary(
                    Kernels.Binary.MULTIPLY, op.output().adjoint.view(kept(op.source(), x.shape)), factors, out);
        });
    }

    @Override
    public void tangents(Op op, Tape tape) {
        int[] behindStack = Arrays.stream(axes(op.source(), op.shape(0).length))
                .map(axis -> axis + 1)
                .toArray();
        LinearTangents.emit(op, tape, (in, out) -> sum(op, tape, in, behindStack, out));
    }

    @Override
    public boolean bends() {
        return false;
    }
}
