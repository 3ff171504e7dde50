package io.etastar.taylor.rule;

import io.etastar.taylor.graph.Emitter;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.Kernels.Binary;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;
import java.util.stream.IntStream;

/**
 * Sum or mean over the rows of a micro-batch that are present, and over other axes: x [N k, ...] is [N, k, ...] with N rows of
 * k entries each.
 */
final class RowSum {
    private final Kernels kernels;
    private final Tensor weights;
    private final double scale;
    private final int rows;
    /** The input as [N, k, ...]. */
    private final int[] shape;
    /** Its summed axes behind the rows. */
    private final int[] inner;
    /** Elements of the output. */
    private final int width;

    RowSum(Emitter emitter, boolean mean, int[] input, int... axes) {
        kernels = emitter.kernels();
        weights = mean ? emitter.present().share : emitter.present().mask;
        rows = weights.length();
        shape = Shapes.stacked(rows, input);
        shape[1] = input[0] / rows;
        inner = IntStream.of(axes).map(axis -> axis + 1).toArray();
        int summed = 1;
        for (int axis : inner) {
            summed *= shape[axis];
        }
        scale = mean ? 1.0 / summed : 1;
        width = Shapes.length(shape) / rows / summed;
    }

    /** out[k] = weighted sum of in[k]. */
    Kernel apply(int count, Tensor in, Tensor out) {
        Tensor each = kernels.allocate(count, rows, width);
        Tensor weighted = kernels.allocate(count, rows, width);
        int[] behindStack = IntStream.of(inner).map(axis -> axis + 1).toArray();
        Kernel within = kernels.sum(in.view(Shapes.stacked(count, shape)), behindStack, each);
        Kernel weigh = kernels.binary(Binary.MULTIPLY, each, weights.view(rows, 1), weighted);
        Kernel across = kernels.sum(weighted, new int[] {1}, out);
        return Kernel.sequence(within, weigh, across, kernels.affine(out, scale, 0, out));
    }

    /** out = in repeated over the summed axes, times each row's weight. */
    Kernel transpose(Tensor in, Tensor out) {
        Tensor scaled = kernels.allocate(1, width);
        Tensor weighted = kernels.allocate(rows, width);
        int[] kept = shape.clone();
        for (int axis : inner) {
            kept[axis] = 1;
        }
        Kernel scaling = kernels.affine(in, scale, 0, scaled);
        Kernel weigh = kernels.binary(Binary.MULTIPLY, scaled, weights.view(rows, 1), weighted);
        Kernel repeat = kernels.broadcast(weighted.view(kept), out.view(shape));
        return Kernel.sequence(scaling, weigh, repeat);
    }
}
