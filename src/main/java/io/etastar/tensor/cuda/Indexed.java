package io.etastar.tensor.cuda;

import io.etastar.tensor.Factors;
import io.etastar.tensor.Indices;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.OutOfRange;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;

/** Kernels whose elements are chosen by indices, and kernels with a factor for each row or image. */
final class Indexed {
    private static final String FILE = "indices";

    private final CudaArena arena;
    private final NumberChecks checks;

    Indexed(CudaArena arena, NumberChecks checks) {
        this.arena = arena;
        this.checks = checks;
    }

    private static long bytes(int count) {
        return (long) count * Integer.BYTES;
    }

    Kernel maxPool(Tensor images, Tensor out, Indices winners, Window window) {
        int n = out.length();
        int[] w = Strides.windows(window, images.size(2), images.size(3));
        long indices = CudaIndices.address(winners);
        return arena.bind(FILE, "maxPool", n, CudaArena.text(images), images, out, indices, w, n);
    }

    Kernel gather(Tensor in, Indices winners, Tensor out, int stack) {
        int n = out.length();
        long indices = CudaIndices.address(winners);
        return arena.bind(FILE, "gather", n, CudaArena.text(in), in, indices, out, in.length() / stack, n / stack, n);
    }

    /** Lists of the elements that go to each target, in any order; then each target adds up its list by rising index. */
    Kernel scatter(Tensor in, Indices winners, Tensor out) {
        int n = in.length();
        long heads = arena.scratch(bytes(out.length()) + bytes(n));
        long next = heads + bytes(out.length());
        String purpose = CudaArena.text(in, out);
        return Kernel.sequence(
                () -> arena.queue().set(heads, (byte) -1, bytes(out.length())),
                arena.bind(FILE, "link", n, purpose, CudaIndices.address(winners), heads, next, n),
                arena.bind(FILE, "collect", out.length(), purpose, in, heads, next, out, out.length()));
    }

    Kernel oneHot(Tensor labels, Tensor out) {
        int n = out.length();
        int classes = out.size(1);
        return Kernel.sequence(
                checks.check(labels, classes, (row, label) -> OutOfRange.label(row, label, classes)),
                arena.bind(FILE, "oneHot", n, CudaArena.text(labels), labels, out, classes, n));
    }

    Kernel pickRows(Tensor numbers, int rows, String name, Indices out) {
        int n = out.length();
        int width = n / numbers.length();
        long to = CudaIndices.address(out);
        return Kernel.sequence(
                checks.check(numbers, rows, (at, number) -> OutOfRange.row(number, name, rows)),
                arena.bind(FILE, "pickRows", n, CudaArena.text(numbers), numbers, to, rows, width, n));
    }

    Kernel scaleRows(Tensor rows, Factors scale, Tensor out) {
        int n = out.length();
        long factors = CudaDoubles.address(scale);
        return arena.bind(
                FILE,
                "scaleRows",
                n,
                CudaArena.text(rows),
                rows,
                factors,
                scale.each(),
                out,
                rows.size(1),
                out.size(1),
                n);
    }

    Kernel unfold(Tensor images, Window window, Factors scale, Tensor out) {
        int[] w = Strides.windows(window, images.size(2), images.size(3));
        int positions = w[2] * w[3];
        int columns = images.size(0) * positions;
        int taps = images.size(1) * w[4] * w[5];
        if (out.size(1) != columns || out.size(0) < taps || out.size(0) > taps + 1) {
            throw new IllegalArgumentException(CudaArena.text(out) + " for " + taps + " x " + columns + " unfolded");
        }
        int n = taps * columns;
        long factors = CudaDoubles.address(scale);
        int each = scale.each();
        String purpose = CudaArena.text(images);
        Kernel unfold = arena.bind(
                "windows", "unfold", n, purpose, images, factors, each, out, w, images.size(1), positions, columns, n);
        if (out.length() == n) {
            return unfold;
        }
        Tensor last = out.part(n, columns);
        return Kernel.sequence(
                unfold, arena.bind(FILE, "repeatFactors", columns, purpose, factors, each, last, positions, columns));
    }
}
