package io.etastar.taylor.rule;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.RowAxes;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * y = sum or mean of x over some axes, all if none are named. A mean whose flag is set divides by one less than the number of
 * elements. Of the rows of a micro-batch only those present count.
 */
public final class SumRule extends LinearRule {
    private final boolean mean;

    /** @param mean whether to divide by the number of elements summed */
    public SumRule(boolean mean) {
        this.mean = mean;
    }

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
        double elements = (double) op.input(0).length() / op.output().length();
        return mean ? 1 / (corrected(op.source()) ? elements - 1 : elements) : 1;
    }

    /** Whether rows of the micro-batch are summed: {@link RowSum} then. */
    private static boolean overRows(Op op, Emitter emitter) {
        return emitter.rowAxis(op.input(0)) == 0 && axes(op.source(), op.shape(0).length)[0] == 0;
    }

    private RowSum rowSum(Op op, Emitter emitter) {
        if (corrected(op.source())) {
            throw Op.error(
                    op.source(), "found a variance over the batch corrected for its bias, expected one that is not");
        }
        return new RowSum(emitter, mean, op.shape(0), axes(op.source(), op.shape(0).length));
    }

    private boolean corrected(GraphOp source) {
        return mean && source.flags().length > 0 && source.flags()[0];
    }

    @Override
    protected Kernel apply(Op op, Emitter emitter, int count, Tensor in, Tensor out) {
        if (overRows(op, emitter)) {
            return rowSum(op, emitter).apply(count, in, out);
        }
        int[] behindStack = Arrays.stream(axes(op.source(), op.shape(0).length))
                .map(axis -> axis + 1)
                .toArray();
        Kernel sum = emitter.kernels().sum(in.view(Shapes.stacked(count, op.shape(0))), behindStack, out);
        if (!mean) {
            return sum;
        }
        return Kernel.sequence(sum, emitter.kernels().affine(out, factor(op), 0, out));
    }

    @Override
    protected Kernel transpose(Op op, Emitter emitter, Tensor in, Tensor out) {
        if (overRows(op, emitter)) {
            return rowSum(op, emitter).transpose(in, out);
        }
        int[] shape = op.shape(0);
        Tensor scaled = mean ? emitter.kernels().allocate(in.shape()) : in;
        Kernel repeat = emitter.kernels().broadcast(scaled.view(kept(op.source(), shape)), out.view(shape));
        return mean ? Kernel.sequence(emitter.kernels().affine(in, factor(op), 0, scaled), repeat) : repeat;
    }

    @Override
    public boolean sumsRows(Op op, RowAxes axes) {
        return axes.axis(op.input(0)) == 0;
    }
}
