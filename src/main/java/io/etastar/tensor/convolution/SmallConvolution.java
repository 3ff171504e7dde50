package io.etastar.tensor.convolution;

import io.etastar.tensor.Tensor;
import java.util.Arrays;

/**
 * Convolutions of stride 1 between few channels in single precision, straight from [N, C, H, W].
 *
 * <p>An image is copied with its padding into an array of row pitch Wp; the zeros before a row are also those after the
 * previous row. Output pixel (y, x) is kept at y Wp + x: neighbouring outputs then read neighbouring inputs for every weight,
 * across the ends of rows, so that whole planes run in full vectors; outputs between two rows are dropped. A native
 * convolution reorders channels in blocks of 8 or 16, which leaves most of a vector empty if there are 3 or 6 of them.
 */
final class SmallConvolution {
    private final int inputs;
    private final int outputs;
    private final int height;
    private final int width;
    private final int rows;
    private final int columns;
    private final int top;
    private final int left;
    private final int pitch;
    private final int linear;
    private final int[] places;
    private final float[] image;
    private final float[] raw;
    private final float[] planes;

    /**
     * @param inputs channels C read
     * @param outputs channels M written
     * @param height rows of an image
     * @param width columns of an image
     * @param kernel sides of the kernel
     * @param padding zeros before and after rows and columns, fewer than the kernel's sides
     */
    SmallConvolution(int inputs, int outputs, int height, int width, int[] kernel, int[] padding) {
        this.inputs = inputs;
        this.outputs = outputs;
        this.height = height;
        this.width = width;
        top = padding[0];
        left = padding[1];
        pitch = width + left;
        int tall = height + top;
        rows = height + 2 * top - kernel[0] + 1;
        columns = width + 2 * left - kernel[1] + 1;
        linear = (rows - 1) * pitch + columns;
        places = places(kernel, tall);
        int slack = SmallTiles.SLACK;
        image = new float[inputs * tall * pitch + top * pitch + left + slack];
        raw = new float[Math.max(inputs * height * width, outputs * rows * columns)];
        planes = new float[(outputs + 3) / 2 * 2 * stride()];
    }

    /** Where the weights (c, ky, kx) of output 0 read, in order. */
    private int[] places(int[] kernel, int tall) {
        int[] at = new int[inputs * kernel[0] * kernel[1]];
        for (int j = 0; j < at.length; j++) {
            int c = j / (kernel[0] * kernel[1]);
            int ky = j / kernel[1] % kernel[0];
            at[j] = (c * tall + ky) * pitch + j % kernel[1];
        }
        return at;
    }

    /** Elements between two planes of outputs: {@code linear} rounded up to whole tiles. */
    private int stride() {
        return SmallTiles.padded(linear);
    }

    /**
     * out = images * weight.
     *
     * @param weight [outputs, C kH kW] flat
     */
    void forward(Tensor images, float[] weight, Tensor out) {
        int n = images.length() / (inputs * height * width);
        for (int i = 0; i < n; i++) {
            load(images, i);
            SmallTiles.forward(image, weight, places, outputs, linear, planes, stride());
            store(out, i);
        }
    }

    /**
     * sums += adjoint of the weight, spread over the lanes of a vector: [outputs, taps, lanes] in tiles.
     *
     * @param adjoint [N, outputs, rows, columns]
     */
    void weightAdjoint(Tensor images, Tensor adjoint, float[] sums) {
        int n = images.length() / (inputs * height * width);
        for (int i = 0; i < n; i++) {
            load(images, i);
            spread(adjoint, i);
            SmallTiles.products(image, places, planes, stride(), outputs, linear, sums);
        }
    }

    private void load(Tensor images, int n) {
        int size = inputs * height * width;
        if (top == 0 && left == 0) {
            images.read(n * size, image, 0, size);
            return;
        }
        images.read(n * size, raw, 0, size);
        int tall = height + top;
        for (int c = 0; c < inputs; c++) {
            for (int y = 0; y < height; y++) {
                System.arraycopy(raw, (c * height + y) * width, image, (c * tall + y + top) * pitch + left, width);
            }
        }
    }

    private void store(Tensor out, int n) {
        int size = outputs * rows * columns;
        for (int m = 0; m < outputs; m++) {
            for (int y = 0; y < rows; y++) {
                System.arraycopy(planes, m * stride() + y * pitch, raw, (m * rows + y) * columns, columns);
            }
        }
        out.write(n * size, raw, 0, size);
    }

    /** Planes of the adjoint with the pitch of the image, zeros between rows. */
    private void spread(Tensor adjoint, int n) {
        int size = outputs * rows * columns;
        adjoint.read(n * size, raw, 0, size);
        for (int m = 0; m < outputs; m++) {
            int plane = m * stride();
            for (int y = 0; y < rows; y++) {
                int at = plane + y * pitch;
                System.arraycopy(raw, (m * rows + y) * columns, planes, at, columns);
                Arrays.fill(planes, at + columns, Math.min(at + pitch, plane + stride()), 0);
            }
        }
    }
}
