package io.etastar.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Unfolded images, rows with factors, depthwise convolutions, and stacks of products. */
public abstract class WindowsContract extends AlgebraContract {
    private static final Window[] WINDOWS = {
        window(3, 2, 1, 0, 1, false),
        window(3, 3, 1, 1, 1, false),
        window(2, 3, 2, 1, 1, false),
        window(2, 2, 1, 1, 2, false),
        window(3, 2, 2, 0, 1, true),
        window(5, 5, 1, 0, 1, true),
        window(1, 1, 1, 0, 1, false)
    };

    private static Window window(int rows, int columns, int stride, int padding, int dilation, boolean same) {
        int[] kernel = {rows, columns};
        return new Window(
                kernel, new int[] {stride, stride}, new int[] {padding, padding}, new int[] {dilation, dilation}, same);
    }

    @Test
    void aDepthwiseConvolutionIsADenseOneWithZeros() {
        for (Window w : WINDOWS) {
            for (int multiplier : new int[] {1, 3}) {
                depthwise(w, multiplier, 2, 4, 7, 6);
                depthwise(w, multiplier, 1, 1, 5, 9);
            }
            depthwise(w, 1, 2, 1, 9, 17);
        }
    }

    /** A second run must not see what the first has left. */
    private static void twice(Kernel kernel) {
        kernel.run();
        kernel.run();
    }

    private void depthwise(Window w, int multiplier, int... images) {
        int channels = images[1];
        Tensor x = random(images);
        Tensor weight = random(w.kernel()[0], w.kernel()[1], channels, multiplier);
        int[] shape = {images[0], channels * multiplier, w.outputSide(0, images[2]), w.outputSide(1, images[3])};
        Tensor a = random(shape);
        Tensor z = output(shape);
        Tensor toImages = output(images);
        Tensor toWeight = output(weight.shape());
        twice(kernels.depthwise(x, weight, z, w));
        twice(kernels.depthwiseImageAdjoint(a, weight, toImages, w));
        twice(kernels.depthwiseWeightAdjoint(x, a, toWeight, w));
        double[] expected = new double[z.length()];
        double[] expectedImages = new double[x.length()];
        double[] expectedWeight = new double[weight.length()];
        int[] dense = {channels * multiplier, channels, w.kernel()[0], w.kernel()[1]};
        Naive.convolve(images, dense, shape, w, (o, i, k) -> {
            int[] at = Naive.index(k, dense);
            if (at[0] / multiplier == at[1]) {
                int own = ((at[2] * dense[3] + at[3]) * channels + at[1]) * multiplier + at[0] % multiplier;
                expected[o] += x.get(i) * weight.get(own);
                expectedImages[i] += a.get(o) * weight.get(own);
                expectedWeight[own] += a.get(o) * x.get(i);
            }
        });
        String what = w + " of " + text(images);
        close(expected, z, 50, what);
        close(expectedImages, toImages, 50, what + ", images");
        close(expectedWeight, toWeight, 500, what + ", weight");
    }

    @Test
    void stacksOfMatricesAreMultipliedOneByOne() {
        for (int flips = 0; flips < 4; flips++) {
            boolean left = flips % 2 == 1;
            boolean right = flips / 2 == 1;
            for (int[] size : new int[][] {{3, 2, 4, 5}, {1, 3, 3, 3}, {4, 1, 2, 1}, {2, 6, 5, 35}, {2, 9, 40, 64}}) {
                Tensor x = left ? random(size[0], size[2], size[1]) : random(size[0], size[1], size[2]);
                Tensor y = right ? random(size[0], size[3], size[2]) : random(size[0], size[2], size[3]);
                Tensor out = output(size[0], size[1], size[3]);
                kernels.matmul(x, left, y, right, out, false).run();
                double[] before = out.toDoubles();
                Tensor twice = output(size[0], size[1], size[3]);
                kernels.copy(out, twice).run();
                kernels.matmul(x, left, y, right, twice, true).run();
                close(Arrays.stream(before).map(v -> 2 * v).toArray(), twice, size[2], "added to " + text(size));
                for (int g = 0; g < size[0]; g++) {
                    Tensor a = x.rows(g, g + 1).view(x.size(1), x.size(2));
                    Tensor b = y.rows(g, g + 1).view(y.size(1), y.size(2));
                    double[] product = Naive.matmul(a, left, b, right, new double[size[1] * size[3]]);
                    close(product, out.rows(g, g + 1), size[2], "product " + g + " of " + text(size));
                }
            }
        }
    }

    /** With strides that differ. */
    private static Window uneven(int rows, int columns, int stride, int padding, int dilation, boolean same) {
        return new Window(
                new int[] {rows, columns},
                new int[] {stride, stride + 1},
                new int[] {padding, padding},
                new int[] {dilation, dilation},
                same);
    }

    @Test
    void aWeightTimesTheColumnsIsTheConvolution() {
        unfolded(new Window(new int[] {3, 2}, new int[] {1, 1}, new int[] {0, 0}, new int[] {1, 1}, false), 2, 3, 5, 6);
        unfolded(new Window(new int[] {3, 3}, new int[] {1, 1}, new int[] {2, 1}, new int[] {1, 1}, false), 3, 2, 4, 4);
        unfolded(new Window(new int[] {5, 5}, new int[] {1, 1}, new int[] {0, 0}, new int[] {1, 1}, true), 1, 2, 3, 3);
        unfolded(new Window(new int[] {1, 1}, new int[] {1, 1}, new int[] {0, 0}, new int[] {1, 1}, false), 2, 2, 1, 1);
        unfolded(uneven(3, 2, 2, 1, 1, false), 2, 3, 7, 6);
        unfolded(uneven(2, 3, 1, 2, 2, false), 2, 1, 6, 7);
        unfolded(uneven(3, 3, 2, 0, 1, true), 2, 2, 6, 5);
    }

    private Factors scale(double... factors) {
        Doubles values = kernels.allocateDoubles(factors.length);
        values.write(factors);
        return new Factors(values, 0, 1);
    }

    private void unfolded(Window w, int... images) {
        int outputs = 2;
        int taps = images[1] * w.kernel()[0] * w.kernel()[1];
        int positions = w.outputSide(0, images[2]) * w.outputSide(1, images[3]);
        int[] shape = {images[0], outputs, w.outputSide(0, images[2]), w.outputSide(1, images[3])};
        int[] dense = {outputs, images[1], w.kernel()[0], w.kernel()[1]};
        Tensor x = random(images);
        Tensor weight = random(outputs, taps + 1);
        double[] factors = {2, 0, 1};
        double[] expected = new double[outputs * images[0] * positions];
        for (int o = 0; o < outputs; o++) {
            for (int n = 0; n < images[0]; n++) {
                for (int t = 0; t < positions; t++) {
                    expected[(o * images[0] + n) * positions + t] = factors[n] * weight.get(o * (taps + 1) + taps);
                }
            }
        }
        Naive.convolve(images, dense, shape, w, (o, i, k) -> {
            int n = o / (outputs * positions);
            int m = o / positions % outputs;
            double product = x.get(i) * weight.get(m * (taps + 1) + k % taps);
            expected[(m * images[0] + n) * positions + o % positions] += factors[n] * product;
        });
        Tensor columns = output(taps + 1, images[0] * positions);
        Tensor found = output(outputs, images[0] * positions);
        kernels.unfold(x, w, scale(factors), columns).run();
        kernels.matmul(weight, false, columns, false, found, false).run();
        close(expected, found, taps, "columns of " + text(images) + " by " + w);
    }

    @Test
    void neighbouringRowsShareAFactor() {
        Doubles values = kernels.allocateDoubles(4);
        values.write(9, 2, 0, -1);
        Tensor rows = random(5, 2);
        rows.fill(4, 6, Double.NaN);
        Tensor out = output(5, 3);
        kernels.scaleRows(rows, new Factors(values, 1, 2), out).run();
        Tensor images = rows.view(5, 1, 2, 1);
        Tensor columns = output(2, 10);
        Window w = new Window(new int[] {1, 1}, new int[] {1, 1}, new int[] {0, 0}, new int[] {1, 1}, false);
        kernels.unfold(images, w, new Factors(values, 1, 2), columns).run();
        for (int n = 0; n < 5; n++) {
            double factor = new double[] {2, 2, 0, 0, -1}[n];
            double[] row = {factor == 0 ? 0 : factor * rows.get(2 * n), factor == 0 ? 0 : factor * rows.get(2 * n + 1)};
            close(new double[] {row[0], row[1], factor}, out.rows(n, n + 1), 1, "row " + n);
            close(row, columns.part(2 * n, 2), 1, "columns of image " + n);
            close(new double[] {factor, factor}, columns.part(10 + 2 * n, 2), 1, "factors of image " + n);
        }
    }

    @Test
    void scaledRows() {
        Tensor rows = random(3, 4);
        rows.fill(4, 8, Double.NaN);
        double[] factors = {3, 0, 1};
        Tensor plain = output(3, 4);
        Tensor ended = output(3, 5);
        kernels.scaleRows(rows, scale(factors), plain).run();
        kernels.scaleRows(rows, scale(factors), ended).run();
        for (int n = 0; n < 3; n++) {
            for (int j = 0; j < 5; j++) {
                double value = factors[n] == 0 ? 0 : factors[n] * (j == 4 ? 1 : rows.get(n * 4 + j));
                assertEquals(rounded(value), ended.get(n * 5 + j), tolerance(1));
                if (j < 4) {
                    assertEquals(rounded(value), plain.get(n * 4 + j), tolerance(1));
                }
            }
        }
    }
}
