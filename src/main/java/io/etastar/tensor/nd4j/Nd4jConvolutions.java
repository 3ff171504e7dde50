package io.etastar.tensor.nd4j;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;
import io.etastar.tensor.convolution.Convolutions;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Convolutions and average pooling by ND4J's ops, if none of the {@link Convolutions} is faster. */
final class Nd4jConvolutions {
    private static final long NCHW = 0;
    private static final long OUT_IN_ROW_COLUMN = 1;
    private static final double[] NO_SCALARS = {};

    private final Nd4jKernels kernels;
    private final Nd4jArena arena;
    private final Convolutions vectorised;

    Nd4jConvolutions(Nd4jKernels kernels, Nd4jArena arena) {
        this.kernels = kernels;
        this.arena = arena;
        vectorised = new Convolutions(kernels);
    }

    Kernel forward(Tensor images, Tensor weight, Tensor out, Window window) {
        return vectorised
                .forward(images, weight, out, window)
                .orElseGet(() -> nativeForward(images, weight, out, window));
    }

    private Kernel nativeForward(Tensor images, Tensor weight, Tensor out, Window window) {
        if (window.dilated()) {
            Tensor dense = kernels.allocate(DilatedWeight.shape(weight, window));
            Kernel convolve = forward(images, dense, out, window.dense());
            return Kernel.sequence(DilatedWeight.toDense(weight, dense, window), convolve);
        }
        return arena.bind("conv2d", new Tensor[] {images, weight}, out, arguments(window));
    }

    Kernel imageAdjoint(Tensor adjoint, Tensor weight, Tensor out, Window window) {
        return vectorised
                .imageAdjoint(adjoint, weight, out, window)
                .orElseGet(() -> nativeImageAdjoint(adjoint, weight, out, window));
    }

    private Kernel nativeImageAdjoint(Tensor adjoint, Tensor weight, Tensor out, Window window) {
        if (window.dilated()) {
            Tensor dense = kernels.allocate(DilatedWeight.shape(weight, window));
            Kernel project = imageAdjoint(adjoint, dense, out, window.dense());
            return Kernel.sequence(DilatedWeight.toDense(weight, dense, window), project);
        }
        if (window.coversExactly(out.size(2), out.size(3))) {
            // A transposed convolution computes the image adjoint alone; conv2d_bp would compute the weight's too.
            return arena.bind("deconv2d", new Tensor[] {adjoint, weight}, out, arguments(window));
        }
        Tensor unusedWeight = kernels.allocate(weight.shape());
        return adjoints(kernels.allocate(out.shape()), weight, adjoint, out, unusedWeight, window);
    }

    Kernel weightAdjoint(Tensor images, Tensor adjoint, Tensor out, Window window) {
        return vectorised
                .weightAdjoint(images, adjoint, out, window)
                .orElseGet(() -> nativeWeightAdjoint(images, adjoint, out, window));
    }

    private Kernel nativeWeightAdjoint(Tensor images, Tensor adjoint, Tensor out, Window window) {
        if (window.dilated()) {
            Tensor dense = kernels.allocate(DilatedWeight.shape(out, window));
            Kernel project = weightAdjoint(images, adjoint, dense, window.dense());
            return Kernel.sequence(project, DilatedWeight.fromDense(dense, out, window));
        }
        if (window.isDenseUnitStride() && window.coversExactly(images.size(2), images.size(3))) {
            return swappedConvolution(images, adjoint, out, window);
        }
        Tensor unusedImages = kernels.allocate(images.shape());
        return adjoints(images, kernels.allocate(out.shape()), adjoint, unusedImages, out, window);
    }

    /** Whether one adjoint alone has an op of its own; conv2d_bp always computes both. */
    static boolean adjointsApart(Window window, int... images) {
        return window.dilated() || window.isDenseUnitStride() && window.coversExactly(images[2], images[3]);
    }

    Kernel adjoints(Tensor images, Tensor weight, Tensor adjoint, Tensor imagesOut, Tensor weightOut, Window window) {
        return arena.bind(
                "conv2d_bp",
                arena.arrays(images, weight, adjoint),
                arena.arrays(imagesOut, weightOut),
                NO_SCALARS,
                arguments(window));
    }

    /**
     * The weight adjoint as a convolution with batch and channels swapped: images [C, N, H, W] with the adjoint
     * [M, N, oH, oW] as its kernel. Four times faster than conv2d_bp, which also computes the image adjoint.
     */
    private Kernel swappedConvolution(Tensor images, Tensor adjoint, Tensor out, Window window) {
        Tensor swappedImages = kernels.allocate(swapped(images));
        Tensor swappedAdjoint = kernels.allocate(swapped(adjoint));
        Tensor swappedOut = kernels.allocate(swapped(out));
        int[] kernel = {adjoint.size(2), adjoint.size(3)};
        Window wide = new Window(kernel, new int[] {1, 1}, window.padding(), new int[] {1, 1}, false);
        return Kernel.sequence(
                swapAxes(images, swappedImages),
                swapAxes(adjoint, swappedAdjoint),
                forward(swappedImages, swappedAdjoint, swappedOut, wide),
                swapAxes(swappedOut, out));
    }

    private static int[] swapped(Tensor tensor) {
        return new int[] {tensor.size(1), tensor.size(0), tensor.size(2), tensor.size(3)};
    }

    private Kernel swapAxes(Tensor in, Tensor out) {
        INDArray[] inputs = {arena.array(in), arena.constant(1, 0, 2, 3)};
        return arena.bind("permute", inputs, arena.arrays(out), NO_SCALARS);
    }

    Kernel averagePool(Tensor images, Tensor out, Window window, boolean countPadding) {
        return arena.bind("avgpool2d", new Tensor[] {images}, out, poolArguments(window, countPadding));
    }

    Kernel averagePoolAdjoint(Tensor images, Tensor adjoint, Tensor out, Window window, boolean countPadding) {
        return arena.bind("avgpool2d_bp", new Tensor[] {images, adjoint}, out, poolArguments(window, countPadding));
    }

    private static long[] arguments(Window w) {
        return arguments(w, NCHW, OUT_IN_ROW_COLUMN);
    }

    private static long[] poolArguments(Window w, boolean countPadding) {
        if (w.dilated()) {
            throw new IllegalArgumentException("average pooling has no dilation");
        }
        return arguments(w, countPadding ? 1 : 0, NCHW);
    }

    private static long[] arguments(Window w, long ninth, long tenth) {
        return new long[] {
            w.kernel()[0],
            w.kernel()[1],
            w.stride()[0],
            w.stride()[1],
            w.padding()[0],
            w.padding()[1],
            w.dilation()[0],
            w.dilation()[1],
            w.same() ? 1 : 0,
            ninth,
            tenth
        };
    }
}
