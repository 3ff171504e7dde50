package io.etastar.tensor.loop;

import io.etastar.tensor.Factors;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;

/**
 * The numbers under each window of images, each image times a factor: columns of a matrix whose product with a weight is the
 * convolution ("im2col").
 */
final class Unfolding implements Kernel {
    private final Tensor images;
    private final Window window;
    private final Factors scale;
    private final double[] factors;
    private final Tensor out;
    private final int outHeight;
    private final int outWidth;
    private final int columns;

    /**
     * @param images [N, C, H, W]
     * @param scale factor of each image
     * @param out [C kH kW, N oH oW] or one row more, which becomes the factors; overwritten
     */
    Unfolding(Tensor images, Window window, Factors scale, Tensor out) {
        this.images = images;
        this.window = window;
        this.scale = scale;
        factors = HostDoubles.of(scale.values());
        this.out = out;
        outHeight = window.outputSide(0, images.size(2));
        outWidth = window.outputSide(1, images.size(3));
        columns = images.size(0) * outHeight * outWidth;
        int taps = images.size(1) * window.kernel()[0] * window.kernel()[1];
        if (out.size(1) != columns || out.size(0) < taps || out.size(0) > taps + 1) {
            throw new IllegalArgumentException(
                    out.size(0) + " x " + out.size(1) + " for " + taps + " x " + columns + " unfolded");
        }
    }

    @Override
    public void run() {
        int positions = outHeight * outWidth;
        for (int n = 0; n < images.size(0); n++) {
            double factor = factors[scale.first() + n / scale.each()];
            int row = 0;
            for (int c = 0; c < images.size(1); c++) {
                for (int y = 0; y < window.kernel()[0]; y++) {
                    for (int x = 0; x < window.kernel()[1]; x++) {
                        plane(n * images.size(1) + c, y, x, row * columns + n * positions, factor);
                        row++;
                    }
                }
            }
            if (row < out.size(0)) {
                int at = row * columns + n * positions;
                out.fill(at, at + positions, factor);
            }
        }
    }

    /** What element (y, x) of the window meets in one plane, into elements from {@code at} on. */
    private void plane(int plane, int y, int x, int at, double factor) {
        int height = images.size(2);
        int width = images.size(3);
        int down = y * window.dilation()[0] - window.before(0, height);
        int right = x * window.dilation()[1] - window.before(1, width);
        int step = window.stride()[1];
        int first = right >= 0 ? 0 : Math.min(outWidth, (-right + step - 1) / step);
        int end = width <= right ? first : Math.max(first, Math.min(outWidth, (width - 1 - right) / step + 1));
        for (int i = 0; i < outHeight; i++) {
            int to = at + i * outWidth;
            int from = i * window.stride()[0] + down;
            if (from < 0 || from >= height || factor == 0) {
                out.fill(to, to + outWidth, 0);
                continue;
            }
            if (first > 0) {
                out.fill(to, to + first, 0);
            }
            if (end < outWidth) {
                out.fill(to + end, to + outWidth, 0);
            }
            row((plane * height + from) * width + right, to, first, end, factor);
        }
    }

    /** Columns [first, end) of a row of outputs at {@code to}; column x reads element {@code from} + x times the stride. */
    private void row(int from, int to, int first, int end, double factor) {
        HostMemory source = HostMemory.of(images);
        HostMemory target = HostMemory.of(out);
        int in = images.offset() + from;
        int at = out.offset() + to;
        int step = window.stride()[1];
        if (step == 1 && end > first) {
            target.copy(source, in + first, at + first, end - first);
        } else {
            for (int x = first; x < end; x++) {
                target.set(at + x, source.get(in + x * step));
            }
        }
        for (int x = first; x < end && factor != 1; x++) {
            target.set(at + x, factor * target.get(at + x));
        }
    }
}
