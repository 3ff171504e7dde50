package io.etastar.tensor.convolution;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;
import io.etastar.tensor.loop.CpuKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Picks the algorithm of a convolution by its geometry: {@link WinogradConvolution} for 3 x 3 kernels between many channels,
 * {@link SmallConvolution} between few, the native one for all else and in double precision.
 */
public final class Convolutions {
    /** Largest C M of a small convolution: beyond, blocks of channels fill the native one's vectors. */
    private static final int FEW = 1024;
    /** Channels below which a transform costs more than it saves. */
    private static final int MANY = 32;

    /** Least C M from which a forward transform saves time over the native convolution. */
    private static final int PAYS = 4096;

    private static final int WHOLE = 16;

    private final CpuKernels kernels;
    private final boolean vectors;
    private final List<WinogradWeight> weights = new ArrayList<>();
    private final List<Tensor> transformed = new ArrayList<>();

    public Convolutions(CpuKernels kernels) {
        this.kernels = kernels;
        vectors = kernels.vectorised();
    }

    /** Whether the products outweigh the transforms; the native weight adjoint is so slow that it nearly always does. */
    private static boolean pays(Tensor weight) {
        return weight.size(0) * weight.size(1) >= PAYS;
    }

    private static boolean winograd(Tensor weight, Window window) {
        int outputs = weight.size(0);
        int inputs = weight.size(1);
        return Arrays.equals(window.kernel(), new int[] {3, 3})
                && Math.max(window.padding()[0], window.padding()[1]) <= 2
                && outputs % WHOLE == 0
                && inputs % WHOLE == 0
                && Math.min(outputs, inputs) >= MANY;
    }

    private static boolean small(Tensor weight, Window window) {
        return weight.size(0) * weight.size(1) <= FEW
                && window.padding()[0] < window.kernel()[0]
                && window.padding()[1] < window.kernel()[1];
    }

    /** Null where the native convolution serves. */
    public Kernel forward(Tensor images, Tensor weight, Tensor out, Window window) {
        if (!vectors || !plain(window)) {
            return null;
        }
        if (winograd(weight, window) && pays(weight)) {
            return winograd(images, weight.size(1), weight.size(0), window.padding())
                    .forward(images, transformed(weight), false, out);
        }
        if (!small(weight, window)) {
            return null;
        }
        SmallConvolution convolution = new SmallConvolution(
                weight.size(1), weight.size(0), images.size(2), images.size(3), window.kernel(), window.padding());
        float[] values = new float[weight.length()];
        return () -> {
            weight.read(0, values, 0, values.length);
            convolution.forward(images, values, out);
        };
    }

    /** The image adjoint is a convolution of the adjoint with the kernel turned by 180 degrees, padded to the full size. */
    public Kernel imageAdjoint(Tensor adjoint, Tensor weight, Tensor out, Window window) {
        if (!vectors || !plain(window)) {
            return null;
        }
        int[] padding = {window.kernel()[0] - 1 - window.padding()[0], window.kernel()[1] - 1 - window.padding()[1]};
        if (winograd(weight, window) && pays(weight)) {
            return winograd(adjoint, weight.size(0), weight.size(1), padding)
                    .forward(adjoint, transformed(weight), true, out);
        }
        if (!small(weight, window)) {
            return null;
        }
        SmallConvolution convolution = new SmallConvolution(
                weight.size(0), weight.size(1), adjoint.size(2), adjoint.size(3), window.kernel(), padding);
        float[] values = new float[weight.length()];
        float[] turned = new float[weight.length()];
        int taps = window.kernel()[0] * window.kernel()[1];
        int outputs = weight.size(0);
        int inputs = weight.size(1);
        return () -> {
            weight.read(0, values, 0, values.length);
            for (int i = 0; i < values.length; i++) {
                int m = i / (inputs * taps);
                int c = i / taps % inputs;
                turned[(c * outputs + m) * taps + taps - 1 - i % taps] = values[i];
            }
            convolution.forward(adjoint, turned, out);
        };
    }

    /** Null where the native convolution serves. */
    public Kernel weightAdjoint(Tensor images, Tensor adjoint, Tensor out, Window window) {
        if (!vectors || !plain(window)) {
            return null;
        }
        if (winograd(out, window)) {
            return winograd(images, out.size(1), out.size(0), window.padding()).weightAdjoint(images, adjoint, out);
        }
        if (!small(out, window)) {
            return null;
        }
        SmallConvolution convolution = new SmallConvolution(
                out.size(1), out.size(0), images.size(2), images.size(3), window.kernel(), window.padding());
        int lanes = SmallTiles.lanes();
        float[] sums = new float[out.length() * lanes];
        float[] values = new float[out.length()];
        return () -> {
            Arrays.fill(sums, 0);
            convolution.weightAdjoint(images, adjoint, sums);
            for (int i = 0; i < values.length; i++) {
                values[i] = SmallTiles.lanesSum(sums, i * lanes);
            }
            out.write(0, values, 0, values.length);
        };
    }

    private static boolean plain(Window window) {
        return window.unit() && !window.same();
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
        WinogradWeight made = new WinogradWeight(weight, kernels.allocate(WHOLE, weight.size(0), weight.size(1)));
        weights.add(made);
        transformed.add(weight);
        return made;
    }
}
