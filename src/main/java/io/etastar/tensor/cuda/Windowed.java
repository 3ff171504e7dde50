package io.etastar.tensor.cuda;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;

/** Kernels over windows that need no product: poolings and depthwise convolutions. */
final class Windowed {
    private static final String FILE = "windows";

    private final CudaArena arena;

    Windowed(CudaArena arena) {
        this.arena = arena;
    }

    private static int[] windows(Tensor images, Window window) {
        return Strides.windows(window, images.size(2), images.size(3));
    }

    /** What means are divided by; 0 for the elements under the window that are not padding. */
    private static int divisor(Window window, boolean countPadding) {
        return countPadding ? window.kernel()[0] * window.kernel()[1] : 0;
    }

    Kernel averagePool(Tensor images, Tensor out, Window window, boolean countPadding) {
        int n = out.length();
        return arena.bind(
                FILE,
                "averagePool",
                n,
                CudaArena.text(images),
                images,
                out,
                windows(images, window),
                divisor(window, countPadding),
                n);
    }

    Kernel averagePoolAdjoint(Tensor adjoint, Tensor out, Window window, boolean countPadding) {
        int n = out.length();
        return arena.bind(
                FILE,
                "averagePoolAdjoint",
                n,
                CudaArena.text(out),
                adjoint,
                out,
                windows(out, window),
                divisor(window, countPadding),
                n);
    }

    Kernel depthwise(Tensor images, Tensor weight, Tensor out, Window window) {
        int n = out.length();
        return arena.bind(
                FILE,
                "depthwise",
                n,
                CudaArena.text(images, weight),
                images,
                weight,
                out,
                windows(images, window),
                images.size(1),
                weight.size(3),
                n);
    }

    Kernel depthwiseImageAdjoint(Tensor adjoint, Tensor weight, Tensor out, Window window) {
        int n = out.length();
        return arena.bind(
                FILE,
                "depthwiseImageAdjoint",
                n,
                CudaArena.text(out, weight),
                adjoint,
                weight,
                out,
                windows(out, window),
                out.size(1),
                weight.size(3),
                n);
    }

    Kernel depthwiseWeightAdjoint(Tensor images, Tensor adjoint, Tensor out, Window window) {
        return arena.bind(
                FILE,
                "depthwiseWeightAdjoint",
                out.length(),
                1,
                Sums.REDUCTION,
                CudaArena.text(images, out),
                images,
                adjoint,
                out,
                windows(images, window),
                images.size(0),
                images.size(1),
                out.size(3));
    }
}
