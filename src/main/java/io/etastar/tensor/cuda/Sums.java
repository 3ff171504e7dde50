package io.etastar.tensor.cuda;

import io.etastar.tensor.Doubles;
import io.etastar.tensor.Indices;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.SampleSums;
import io.etastar.tensor.Tensor;

/** Sums over axes, in an order that depends on shapes alone. */
final class Sums {
    private static final String FILE = "reductions";

    /** Threads of a block that sums, as in {@code common.cuh}. */
    static final int REDUCTION = 128;

    /** Sums of fewer terms are one thread's. */
    private static final int SHORT = 64;

    /** As many outputs fill a device with a thread each. */
    private static final int MANY = 16384;

    private static final int PART = 4096;
    private static final int MOST_PARTS = 256;

    private Sums() {}

    static Kernel sum(CudaArena arena, Tensor in, int[] axes, Tensor out) {
        int n = out.length();
        int terms = in.length() / n;
        int[] kept = Strides.some(in.shape(), false, axes);
        int[] summed = Strides.some(in.shape(), true, axes);
        String purpose = "sum of " + CudaArena.text(in);
        if (terms < SHORT || n >= MANY) {
            return arena.bind(FILE, "sumShort", n, purpose, in, out, kept, summed, n, terms);
        }
        int part = Math.max(PART, (terms + MOST_PARTS - 1) / MOST_PARTS);
        int parts = (terms + part - 1) / part;
        long scratch = arena.scratch((long) n * parts * Double.BYTES);
        return Kernel.sequence(
                arena.bind(FILE, "sumParts", parts, n, REDUCTION, purpose, in, scratch, kept, summed, terms, part),
                arena.bind(FILE, "addParts", n, purpose, scratch, out, n, parts));
    }

    static Kernel rowDots(CudaArena arena, double factor, Tensor left, Tensor right, Doubles sums, Indices at) {
        int width = left.length() / at.length();
        int step = right.length() == width ? 0 : width;
        return arena.bind(
                FILE,
                "rowDots",
                at.length(),
                1,
                REDUCTION,
                CudaArena.text(left, right),
                left,
                right,
                CudaDoubles.address(sums),
                CudaIndices.address(at),
                factor,
                width,
                step);
    }

    static Kernel addAt(CudaArena arena, Tensor values, Indices at, Doubles sums) {
        long to = CudaDoubles.address(sums);
        int n = at.length();
        return arena.bind(FILE, "addAt", n, CudaArena.text(values), values, CudaIndices.address(at), to, n);
    }

    static Kernel weighted(CudaArena arena, Tensor weights, Tensor stack, Doubles sums, int at) {
        int rows = weights.length();
        int n = stack.length() / rows;
        long to = CudaDoubles.address(sums) + (long) at * Double.BYTES;
        return arena.bind(FILE, "weightedSums", n, CudaArena.text(stack), weights, stack, to, rows, n);
    }

    static Kernel samples(CudaArena arena, SampleSums s) {
        int rows = s.weights().length();
        return arena.bind(
                FILE,
                "sampleSums",
                1,
                1,
                REDUCTION,
                CudaArena.text(s.outputs()),
                s.weights(),
                s.losses(),
                s.outputs(),
                s.targets(),
                CudaDoubles.address(s.sums()),
                s.classes() ? 1 : 0,
                s.outputs().length() / rows,
                rows);
    }
}
