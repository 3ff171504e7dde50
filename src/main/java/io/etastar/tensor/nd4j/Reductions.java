package io.etastar.tensor.nd4j;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sums over axes as products with a vector of ones, which run at the speed of a matrix product; ND4J's own reduction of rows
 * is five to ten times slower.
 */
final class Reductions {
    private Reductions() {}

    /** out = sum of in over {@code axes}; temporaries come from {@code kernels}. */
    static Kernel sum(Kernels kernels, Tensor in, int[] axes, Tensor out) {
        List<int[]> runs = runs(in.shape(), axes);
        if (runs.stream().noneMatch(run -> run[1] == 1)) {
            return kernels.copy(in, out);
        }
        List<Kernel> steps = new ArrayList<>();
        Tensor current = in;
        for (int i = runs.size() - 1; i >= 0; i--) {
            if (runs.get(i)[1] == 0) {
                continue;
            }
            int outer = product(runs, 0, i, false);
            int inner = product(runs, i + 1, runs.size(), true);
            boolean last = product(runs, 0, i, true) == outer;
            Tensor next = last ? out : kernels.allocate(outer * inner);
            steps.add(step(kernels, current, outer, runs.get(i)[0], inner, next));
            current = next;
        }
        return Kernel.sequence(steps.toArray(Kernel[]::new));
    }

    /** Neighbouring axes of the same kind folded: {side, 1 if summed}. */
    private static List<int[]> runs(int[] shape, int[] axes) {
        List<int[]> runs = new ArrayList<>();
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] == 1) {
                continue;
            }
            int axis = i;
            int summed = Arrays.stream(axes).anyMatch(a -> a == axis) ? 1 : 0;
            int[] last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
            if (last != null && last[1] == summed) {
                last[0] *= shape[i];
            } else {
                runs.add(new int[] {shape[i], summed});
            }
        }
        return runs;
    }

    /** Product of the sides of runs [from, to), or only of those that are not summed. */
    private static int product(List<int[]> runs, int from, int to, boolean keptOnly) {
        int product = 1;
        for (int i = from; i < to; i++) {
            product *= keptOnly && runs.get(i)[1] == 1 ? 1 : runs.get(i)[0];
        }
        return product;
    }

    /** out [outer, inner] = sum of in [outer, side, inner] over its second axis. */
    private static Kernel step(Kernels kernels, Tensor in, int outer, int side, int inner, Tensor out) {
        if (inner == 1) {
            return kernels.matmul(
                    in.view(outer, side), false, ones(kernels, side, 1), false, out.view(outer, 1), false);
        }
        if (outer == 1) {
            return kernels.matmul(
                    ones(kernels, 1, side), false, in.view(side, inner), false, out.view(1, inner), false);
        }
        Tensor row = ones(kernels, 1, side);
        Kernel[] each = new Kernel[outer];
        for (int i = 0; i < outer; i++) {
            each[i] = kernels.matmul(
                    row, false, in.part(i * side * inner, side, inner), false, out.part(i * inner, 1, inner), false);
        }
        return Kernel.sequence(each);
    }

    private static Tensor ones(Kernels kernels, int... shape) {
        Tensor ones = kernels.allocate(shape);
        ones.fill(0, ones.length(), 1);
        return ones;
    }
}
