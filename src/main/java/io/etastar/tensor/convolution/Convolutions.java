package io.etastar.tensor.convolution;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;
import io.etastar.tensor.loop.CpuKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The algorithm of a convolution by its geometry, in single precision: {@link WinogradConvolution} for 3 x 3 kernels between
 * many channels, {@link SmallConvolution} between few. Everything else is left to a native library.
 */
public final class Convolutions {
    /** Largest C M of a small convolution: above, blocks of channels fill the vectors of a native one. */
    private static final int SMALL_PRODUCT = 1024;
    /** Channels below which a transform costs more than it saves. */
    private static final int LEAST_CHANNELS = 32;

    /** Least C M from which a forward transform saves time over the native convolution. */
    private static final int LEAST_PRODUCT = 4096;

    /** Winograd's loops take channels in blocks of this many. */
    private static final int CHANNEL_BLOCK = 16;

    /** Points of a transformed 3 x 3 kernel. */
    private static final int POINTS = 16;

    private final CpuKernels kernels;
    private final List<WinogradWeight> weights = new ArrayList<>();
    private final List<Tensor> transformed = new ArrayList<>();

    /** @param kernels makes the matrix products and temporaries */
    public Convolutions(CpuKernels kernels) {
        this.kernels = kernels;
    }

    /** Whether the products outweigh the transforms; a native weight adjoint is so slow that they nearly always do. */
    private static boolean outweighsTransforms(Tensor weight) {
        return weight.size(0) * weight.size(1) >= LEAST_PRODUCT;
    }

    private static boolean fitsWinograd(Tensor weight, Window window) {
        int outputs = weight.size(0);
        int inputs = weight.size(1);
        return Arrays.equals(window.kernel(), new int[] {3, 3})
                && Math.max(window.padding()[0], window.padding()[1]) <= 2
                && outputs % CHANNEL_BLOCK == 0
                && inputs % CHANNEL_BLOCK == 0
                && Math.min(outputs, inputs) >= LEAST_CHANNELS;
    }

    private static boolean fitsSmall(Tensor weight, Window window) {
        return weight.size(0) * weight.size(1) <= SMALL_PRODUCT
                && window.padding()[0] < window.kernel()[0]
                && window.padding()[1] < window.kernel()[1];
    }

    /** out = images * weight; empty if a native convolution is at least as fast. */
    public Optional<Kernel> forward(Tensor images, Tensor weight, Tensor out, Window window) {
        if (!applies(window)) {
            return Optional.empty();
        }
        if (fitsWinograd(weight, window) && outweighsTransforms(weight)) {
            return Optional.of(winograd(images, weight.size(1), weight.size(0), window.padding())
                    .forward(images, transformed(weight), false, out));
        }
        return fitsSmall(weight, window) ? Optional.of(smallForward(images, weight, out, window)) : Optional.empty();
    }

    private static Kernel smallForward(Tensor images, Tensor weight, Tensor out, Window window) {
        SmallConvolution convolution = SmallConvolution.of(
                new SmallConvolution.Shape(
                        weight.size(1),
                        weight.size(0),
                        images.size(2),
                        images.size(3),
                        window.kernel(),
                        window.padding()),
                images.size(0));
        float[] values = new float[weight.length()];
        return () -> {
            weight.read(0, values, 0, values.length);
            convolution.forward(images, values, out);
        };
    }

    /**
     * out = adjoint of the images: a convolution of the adjoint with the kernel rotated by 180 degrees, padded to the full
     * size; empty if a native one is at least as fast.
     */
    public Optional<Kernel> imageAdjoint(Tensor adjoint, Tensor weight, Tensor out, Window window) {
        if (!applies(window)) {
            return Optional.empty();
        }
        int[] padding = {window.kernel()[0] - 1 - window.padding()[0], window.kernel()[1] - 1 - window.padding()[1]};
        if (fitsWinograd(weight, window) && outweighsTransforms(weight)) {
            return Optional.of(winograd(adjoint, weight.size(0), weight.size(1), padding)
                    .forward(adjoint, transformed(weight), true, out));
        }
        if (!fitsSmall(weight, window)) {
            return Optional.empty();
        }
        SmallConvolution convolution = SmallConvolution.of(
                new SmallConvolution.Shape(
                        weight.size(0), weight.size(1), adjoint.size(2), adjoint.size(3), window.kernel(), padding),
                adjoint.size(0));
        return Optional.of(smallImageAdjoint(convolution, adjoint, weight, out));
    }

    private static Kernel smallImageAdjoint(SmallConvolution convolution, Tensor adjoint, Tensor weight, Tensor out) {
        float[] values = new float[weight.length()];
        float[] rotated = new float[weight.length()];
        int taps = weight.size(2) * weight.size(3);
        int outputs = weight.size(0);
        int inputs = weight.size(1);
        return () -> {
            weight.read(0, values, 0, values.length);
            for (int i = 0; i < values.length; i++) {
                int m = i / (inputs * taps);
                int c = i / taps % inputs;
                rotated[(c * outputs + m) * taps + taps - 1 - i % taps] = values[i];
            }
            convolution.forward(adjoint, rotated, out);
        };
    }

    /** out = adjoint of the weight; empty if a native one is at least as fast. */
    public Optional<Kernel> weightAdjoint(Tensor images, Tensor adjoint, Tensor out, Window window) {
        if (!applies(window)) {
            return Optional.empty();
        }
        if (fitsWinograd(out, window)) {
            return Optional.of(
                    winograd(images, out.size(1), out.size(0), window.padding()).weightAdjoint(images, adjoint, out));
        }
        return fitsSmall(out, window)
                ? Optional.of(smallWeightAdjoint(images, adjoint, out, window))
                : Optional.empty();
    }

    private static Kernel smallWeightAdjoint(Tensor images, Tensor adjoint, Tensor out, Window window) {
        PlaneConvolution convolution = new PlaneConvolution(new SmallConvolution.Shape(
                out.size(1), out.size(0), images.size(2), images.size(3), window.kernel(), window.padding()));
        int lanes = PlaneTiles.lanes();
        float[] sums = new float[out.length() * lanes];
        float[] values = new float[out.length()];
        return () -> {
            Arrays.fill(sums, 0);
            convolution.weightAdjoint(images, adjoint, sums);
            for (int i = 0; i < values.length; i++) {
                values[i] = PlaneTiles.lanesSum(sums, i * lanes);
            }
            out.write(0, values, 0, values.length);
        };
    }

    private boolean applies(Window window) {
        return kernels.vectorised() && window.isDenseUnitStride() && !window.same();
    }

    private WinogradConvolution winograd(Tensor images, int inputs, int outputs, int... padding) {
        return new WinogradConvolution(
                kernels, images.size(0), inputs, outputs, images.size(2), images.size(3), padding);
    }

    /** One transform for all convolutions with a weight. */
    private WinogradWeight transformed(Tensor weight) {
        for (int i = 0; i < weights.size(); i++) {
            if (weight.isPartOf(transformed.get(i)) && transformed.get(i).isPartOf(weight)) {
                return weights.get(i);
            }
        }
        WinogradWeight made = new WinogradWeight(weight, kernels.allocate(POINTS, weight.size(0), weight.size(1)));
        weights.add(made);
        transformed.add(weight);
        return made;
    }
}
