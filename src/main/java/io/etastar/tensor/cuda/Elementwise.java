package io.etastar.tensor.cuda;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.Tensor;
import java.util.Locale;

/** Kernels that compute each element of their output from elements of their operands. */
final class Elementwise {
    private static final String FILE = "elementwise";

    private final CudaArena arena;

    Elementwise(CudaArena arena) {
        this.arena = arena;
    }

    private static String key(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    Kernel map(Kernels.Unary function, Tensor in, Tensor out) {
        int n = out.length();
        return arena.bind(FILE, key(function) + "Of", n, CudaArena.text(in), in, out, n);
    }

    Kernel affine(Tensor in, double scale, double shift, Tensor out) {
        int n = out.length();
        return arena.bind(FILE, "affine", n, CudaArena.text(in), in, scale, shift, out, n);
    }

    Kernel fill(Tensor out, double value) {
        int n = out.length();
        return arena.bind(FILE, "fill", n, CudaArena.text(out), out, value, n);
    }

    Kernel copy(Tensor in, Tensor out, int bytes) {
        long from = CudaMemory.address(in);
        long to = CudaMemory.address(out);
        long count = (long) out.length() * bytes;
        String purpose = "a copy of " + CudaArena.text(in);
        CudaQueue queue = arena.queue();
        return () -> queue.copy(to, from, count, purpose);
    }

    Kernel broadcast(Tensor in, Tensor out) {
        int n = out.length();
        return arena.bind(FILE, "broadcast", n, CudaArena.text(in, out), in, out, Strides.broadcast(in, in, out), n);
    }

    Kernel binary(Kernels.Binary op, Tensor left, Tensor right, Tensor out) {
        int n = out.length();
        int[] axes = Strides.broadcast(left, right, out);
        return arena.bind(FILE, key(op), n, CudaArena.text(left, right), left, right, out, axes, n);
    }
}
