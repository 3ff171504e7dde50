package io.etastar.tensor.convolution;

import io.etastar.tensor.Tensor;
import java.util.Arrays;

/**
 * {@link SmallConvolution} with neighbouring pixels in a vector.
 *
 * <p>An image is copied with its padding into an array of row pitch Wp; the zeros before a row are also those after the
 * previous row. Output pixel (y, x) is kept at y Wp + x: neighbouring outputs then read neighbouring inputs for every weight,
 * across the ends of rows, so that whole planes run in full vectors; outputs between two rows are dropped.
 */
final class PlaneConvolution implements SmallConvolution {
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

    PlaneConvolution(Shape shape) {
        inputs = shape.inputs();
        outputs = shape.outputs();
        height = shape.height();
        width = shape.width();
        top = shape.top();
        left = shape.left();
        pitch = width + left;
        int tall = height + top;
        rows = shape.rows();
        columns = shape.columns();
        linear = linear(shape);
        places = places(shape, tall);
        image = new float[inputs * tall * pitch + top * pitch + left + PlaneTiles.SLACK];
        raw = new float[Math.max(shape.imageSize(), shape.resultSize())];
        planes = new float[(outputs + 3) / 2 * 2 * stride()];
    }

    /** Places of a plane from its first pixel to its last. */
    private static int linear(Shape shape) {
        return (shape.rows() - 1) * (shape.width() + shape.left()) + shape.columns();
    }

    /** Multiply-adds of a vector for an image, what tiles lose included. */
    static long work(Shape shape) {
        long vectors = PlaneTiles.padded(linear(shape)) / PlaneTiles.lanes();
        return vectors * shape.taps() * shape.outputs() * 21 / 20;
    }

    /** Where the weights (c, ky, kx) of output 0 read, in order. */
    private int[] places(Shape shape, int tall) {
        int[] at = new int[shape.taps()];
        for (int j = 0; j < at.length; j++) {
            int c = j / (shape.kernelHeight() * shape.kernelWidth());
            int ky = j / shape.kernelWidth() % shape.kernelHeight();
            at[j] = (c * tall + ky) * pitch + j % shape.kernelWidth();
        }
        return at;
    }

    /** Elements between two planes of outputs: {@code linear} rounded up to whole tiles. */
    private int stride() {
        return PlaneTiles.padded(linear);
    }

    @Override
    public void forward(Tensor images, float[] weight, Tensor out) {
        int n = images.length() / (inputs * height * width);
        for (int i = 0; i < n; i++) {
            load(images, i);
            PlaneTiles.forward(image, weight, places, outputs, linear, planes, stride());
            store(out, i);
        }
    }

    /**
     * sums += adjoint of the weight, spread over the lanes of a vector: [outputs, taps, lanes].
     *
     * @param adjoint [N, outputs, rows, columns]
     */
    void weightAdjoint(Tensor images, Tensor adjoint, float[] sums) {
        int n = images.length() / (inputs * height * width);
        for (int i = 0; i < n; i++) {
            load(images, i);
            spread(adjoint, i);
            PlaneTiles.products(image, places, planes, stride(), outputs, linear, sums);
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
