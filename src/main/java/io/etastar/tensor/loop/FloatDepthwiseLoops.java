package io.etastar.tensor.loop;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link DepthwiseLoops} in single precision on the Vector API, some ten times as fast.
 *
 * <p>A plane is copied between its padding, and its outputs onto a grid with rows as long, each where its window begins. Under one
 * element of the kernel the whole grid then lies over the plane at one distance, so that the work is one long loop: rows of 28
 * columns one by one would be mostly the ends of loops. Between the outputs, at the ends of rows and where strides leave places
 * out, the grid holds zeros, or numbers that nobody reads.
 *
 * <p>Nothing is summed across the lanes of a vector, so the result does not depend on their number.
 */
final class FloatDepthwiseLoops {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    /** Elements of one turn of a loop: four sums hide the time that a multiplication takes. */
    private static final int TURN = 4 * LANES;

    private final Tensor images;
    private final Tensor weight;
    private final Tensor output;
    private final Window window;
    private final int channels;
    private final int multiplier;
    private final int planeSize;
    private final int outputSize;
    /** Columns of a padded plane and of the grid. */
    private final int columns;
    /** Elements of a padded plane, and from the grid's first output to its last; arrays are longer, by zeros. */
    private final int planeLength;

    private final int gridLength;
    /** First element of a plane between its padding. */
    private final int origin;
    /** First output on the grid; before it are as many zeros as the kernel reaches. */
    private final int front;
    /** Distance of each element of the kernel from the first. */
    private final int[] distances;

    private final float[] padded;
    private final float[] grid;
    /** A plane or its output as it lies in the tensor. */
    private final float[] dense;

    private final float[] weights;
    /** The elements of one kernel. */
    private final float[] kernel;

    /** Images, weight and output are values or adjoints; the kernel says which of them is written. */
    private FloatDepthwiseLoops(Tensor images, Tensor weight, Tensor output, Window window) {
        this.images = images;
        this.weight = weight;
        this.output = output;
        this.window = window;
        channels = images.size(1);
        multiplier = weight.size(3);
        columns = paddedSide(1);
        planeLength = paddedSide(0) * columns;
        gridLength =
                (output.size(2) - 1) * window.stride()[0] * columns + (output.size(3) - 1) * window.stride()[1] + 1;
        origin = window.before(0, images.size(2)) * columns + window.before(1, images.size(3));
        distances = new int[window.kernel()[0] * window.kernel()[1]];
        int across = window.kernel()[1];
        Arrays.setAll(distances, k -> k / across * window.dilation()[0] * columns + k % across * window.dilation()[1]);
        front = distances[distances.length - 1];
        padded = new float[planeLength + front + TURN];
        grid = new float[front + planeLength + TURN];
        planeSize = images.size(2) * images.size(3);
        outputSize = output.size(2) * output.size(3);
        dense = new float[Math.max(planeSize, outputSize)];
        weights = new float[weight.length()];
        kernel = new float[distances.length];
    }

    /** Rows (axis 0) or columns (axis 1) of a plane with its padding and all that windows reach. */
    private int paddedSide(int axis) {
        int side = images.size(2 + axis);
        int reached = (output.size(2 + axis) - 1) * window.stride()[axis] + window.extent(axis);
        return Math.max(window.before(axis, side) + side, reached);
    }

    static Kernel convolution(Tensor images, Tensor weight, Tensor out, Window window) {
        return new FloatDepthwiseLoops(images, weight, out, window)::forward;
    }

    static Kernel imageAdjoint(Tensor adjoint, Tensor weight, Tensor out, Window window) {
        FloatDepthwiseLoops loops = new FloatDepthwiseLoops(out, weight, adjoint, window);
        int[] backwards =
                Arrays.stream(loops.distances).map(d -> loops.front - d).toArray();
        return () -> loops.toImages(backwards);
    }

    static Kernel weightAdjoint(Tensor images, Tensor adjoint, Tensor out, Window window) {
        FloatDepthwiseLoops loops = new FloatDepthwiseLoops(images, out, adjoint, window);
        float[][] products = new float[loops.distances.length][loops.gridLength + TURN];
        return () -> loops.toWeight(products);
    }

    private void forward() {
        weight.read(0, weights, 0, weights.length);
        for (int p = 0; p < images.size(0) * channels; p++) {
            loadPlane(p);
            for (int m = 0; m < multiplier; m++) {
                pickKernel(p % channels, m);
                Arrays.fill(grid, front, grid.length, 0);
                addWeighted(padded, distances, kernel, grid, front, gridLength);
                storeGrid(p * multiplier + m);
            }
        }
    }

    private void toImages(int[] backwards) {
        weight.read(0, weights, 0, weights.length);
        for (int p = 0; p < images.size(0) * channels; p++) {
            Arrays.fill(padded, 0);
            for (int m = 0; m < multiplier; m++) {
                pickKernel(p % channels, m);
                loadGrid(p * multiplier + m);
                addWeighted(grid, backwards, kernel, padded, 0, planeLength);
            }
            storePlane(p);
        }
    }

    /** Products are summed place by place over the images, and the places in double precision. */
    private void toWeight(float[][] products) {
        for (int c = 0; c < channels; c++) {
            for (int m = 0; m < multiplier; m++) {
                for (float[] sums : products) {
                    Arrays.fill(sums, 0);
                }
                for (int n = 0; n < images.size(0); n++) {
                    loadPlane(n * channels + c);
                    loadGrid((n * channels + c) * multiplier + m);
                    for (int k = 0; k < products.length; k++) {
                        addProducts(grid, front, padded, distances[k], products[k], gridLength);
                    }
                }
                for (int k = 0; k < products.length; k++) {
                    weights[(k * channels + c) * multiplier + m] = (float) sum(products[k], gridLength);
                }
            }
        }
        weight.write(0, weights, 0, weights.length);
    }

    private void pickKernel(int channel, int m) {
        for (int k = 0; k < kernel.length; k++) {
            kernel[k] = weights[(k * channels + channel) * multiplier + m];
        }
    }

    /** out[at + i] += sum over k of factors[k] in[distances[k] + i], for i up to the end of the turn that holds count - 1. */
    private static void addWeighted(float[] in, int[] distances, float[] factors, float[] out, int at, int count) {
        for (int i = 0; i < count; i += TURN) {
            FloatVector a = FloatVector.fromArray(SPECIES, out, at + i);
            FloatVector b = FloatVector.fromArray(SPECIES, out, at + i + LANES);
            FloatVector c = FloatVector.fromArray(SPECIES, out, at + i + 2 * LANES);
            FloatVector d = FloatVector.fromArray(SPECIES, out, at + i + 3 * LANES);
            for (int k = 0; k < factors.length; k++) {
                int from = distances[k] + i;
                FloatVector factor = FloatVector.broadcast(SPECIES, factors[k]);
                a = FloatVector.fromArray(SPECIES, in, from).fma(factor, a);
                b = FloatVector.fromArray(SPECIES, in, from + LANES).fma(factor, b);
                c = FloatVector.fromArray(SPECIES, in, from + 2 * LANES).fma(factor, c);
                d = FloatVector.fromArray(SPECIES, in, from + 3 * LANES).fma(factor, d);
            }
            a.intoArray(out, at + i);
            b.intoArray(out, at + i + LANES);
            c.intoArray(out, at + i + 2 * LANES);
            d.intoArray(out, at + i + 3 * LANES);
        }
    }

    /** sums[i] += left[at + i] right[from + i], for i up to the end of the vector that holds count - 1. */
    private static void addProducts(float[] left, int at, float[] right, int from, float[] sums, int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector sum = FloatVector.fromArray(SPECIES, sums, i);
            FloatVector.fromArray(SPECIES, left, at + i)
                    .fma(FloatVector.fromArray(SPECIES, right, from + i), sum)
                    .intoArray(sums, i);
        }
    }

    /** In double precision, in four sums side by side: one would wait for each addition. Beyond the count are zeros. */
    private static double sum(float[] values, int count) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        for (int i = 0; i < count; i += 4) {
            a += values[i];
            b += values[i + 1];
            c += values[i + 2];
            d += values[i + 3];
        }
        return a + b + (c + d);
    }

    private void loadPlane(int p) {
        int width = images.size(3);
        images.read(p * planeSize, dense, 0, planeSize);
        for (int from = 0, at = origin; from < planeSize; from += width, at += columns) {
            System.arraycopy(dense, from, padded, at, width);
        }
    }

    private void storePlane(int p) {
        int width = images.size(3);
        for (int to = 0, at = origin; to < planeSize; to += width, at += columns) {
            System.arraycopy(padded, at, dense, to, width);
        }
        images.write(p * planeSize, dense, 0, planeSize);
    }

    private void loadGrid(int p) {
        output.read(p * outputSize, dense, 0, outputSize);
        int width = output.size(3);
        int step = window.stride()[1];
        int down = window.stride()[0] * columns;
        for (int from = 0, at = front; from < outputSize; from += width, at += down) {
            if (step == 1) {
                System.arraycopy(dense, from, grid, at, width);
                continue;
            }
            for (int x = 0; x < width; x++) {
                grid[at + x * step] = dense[from + x];
            }
        }
    }

    private void storeGrid(int p) {
        int width = output.size(3);
        int step = window.stride()[1];
        int down = window.stride()[0] * columns;
        for (int to = 0, at = front; to < outputSize; to += width, at += down) {
            if (step == 1) {
                System.arraycopy(grid, at, dense, to, width);
                continue;
            }
            for (int x = 0; x < width; x++) {
                dense[to + x] = grid[at + x * step];
            }
        }
        output.write(p * outputSize, dense, 0, outputSize);
    }
}
