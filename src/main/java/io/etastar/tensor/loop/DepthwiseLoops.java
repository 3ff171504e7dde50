package io.etastar.tensor.loop;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;
import java.util.Arrays;

/**
 * Convolution of every channel of images [N, C, H, W] with its own M kernels, weight [kH, kW, C, M], into [N, C M, oH, oW]
 * (channel c M + m), and its two adjoints. Plain loops over planes held in Java arrays.
 */
final class DepthwiseLoops {
    private final Tensor images;
    private final Tensor weight;
    private final Tensor output;
    private final Window window;
    private final int channels;
    private final int multiplier;
    private final int height;
    private final int width;
    private final int outHeight;
    private final int outWidth;
    private final int before;
    private final int left;
    private final double[] plane;
    private final double[] outPlane;
    private final double[] weights;

    /** Images, weight and output are values or adjoints; the kernel says which of them is written. */
    private DepthwiseLoops(Tensor images, Tensor weight, Tensor output, Window window) {
        this.images = images;
        this.weight = weight;
        this.output = output;
        this.window = window;
        channels = images.size(1);
        multiplier = weight.size(3);
        height = images.size(2);
        width = images.size(3);
        outHeight = output.size(2);
        outWidth = output.size(3);
        before = window.before(0, height);
        left = window.before(1, width);
        plane = new double[height * width];
        outPlane = new double[outHeight * outWidth];
        weights = new double[weight.length()];
    }

    static Kernel convolution(Tensor images, Tensor weight, Tensor out, Window window) {
        return new DepthwiseLoops(images, weight, out, window)::forward;
    }

    static Kernel imageAdjoint(Tensor adjoint, Tensor weight, Tensor out, Window window) {
        return new DepthwiseLoops(out, weight, adjoint, window)::toImages;
    }

    static Kernel weightAdjoint(Tensor images, Tensor adjoint, Tensor out, Window window) {
        return new DepthwiseLoops(images, out, adjoint, window)::toWeight;
    }

    private void forward() {
        weight.read(0, weights, weights.length);
        for (int p = 0; p < images.size(0) * channels; p++) {
            images.read(p * plane.length, plane, plane.length);
            for (int m = 0; m < multiplier; m++) {
                Arrays.fill(outPlane, 0);
                sweep(p, m, this::rowForward);
                output.write((p * multiplier + m) * outPlane.length, outPlane, outPlane.length);
            }
        }
    }

    private void toImages() {
        weight.read(0, weights, weights.length);
        for (int p = 0; p < images.size(0) * channels; p++) {
            Arrays.fill(plane, 0);
            for (int m = 0; m < multiplier; m++) {
                output.read((p * multiplier + m) * outPlane.length, outPlane, outPlane.length);
                sweep(p, m, this::rowToImages);
            }
            images.write(p * plane.length, plane, plane.length);
        }
    }

    private void toWeight() {
        Arrays.fill(weights, 0);
        for (int p = 0; p < images.size(0) * channels; p++) {
            images.read(p * plane.length, plane, plane.length);
            for (int m = 0; m < multiplier; m++) {
                output.read((p * multiplier + m) * outPlane.length, outPlane, outPlane.length);
                sweep(p, m, this::rowToWeight);
            }
        }
        weight.write(0, weights, weights.length);
    }

    /** Work on one row of outputs, columns [first, last], under one element of the kernel. */
    private interface Row {
        /** Output column x is at out + x, the input column under it at in + x times the stride. */
        void run(int element, int out, int in, int first, int last);
    }

    private void rowForward(int element, int out, int in, int first, int last) {
        int step = window.stride()[1];
        for (int x = first; x <= last; x++) {
            outPlane[out + x] += weights[element] * plane[in + x * step];
        }
    }

    private void rowToImages(int element, int out, int in, int first, int last) {
        int step = window.stride()[1];
        for (int x = first; x <= last; x++) {
            plane[in + x * step] += weights[element] * outPlane[out + x];
        }
    }

    private void rowToWeight(int element, int out, int in, int first, int last) {
        int step = window.stride()[1];
        double sum = 0;
        for (int x = first; x <= last; x++) {
            sum += outPlane[out + x] * plane[in + x * step];
        }
        weights[element] += sum;
    }

    /** Every element of the kernel over every row of plane {@code p}'s output {@code m}, without the padding. */
    private void sweep(int p, int m, Row row) {
        int columns = window.kernel()[1];
        for (int k = 0; k < window.kernel()[0] * columns; k++) {
            int element = (k * channels + p % channels) * multiplier + m;
            int down = k / columns * window.dilation()[0] - before;
            int right = k % columns * window.dilation()[1] - left;
            int step = window.stride()[1];
            int first = right >= 0 ? 0 : (-right + step - 1) / step;
            int last = width <= right ? -1 : Math.min(outWidth - 1, (width - 1 - right) / step);
            for (int y = 0; y < outHeight; y++) {
                int from = y * window.stride()[0] + down;
                if (from >= 0 && from < height) {
                    row.run(element, y * outWidth, from * width + right, first, last);
                }
            }
        }
    }
}
