package io.etastar.tensor.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;
import io.etastar.tensor.Doubles;
import io.etastar.tensor.Factors;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.KernelsFixture;
import io.etastar.tensor.Naive;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;
import org.junit.jupiter.api.Test;

/** Unfolded images against convolutions: a weight times the columns is the convolution. */
class UnfoldingTest extends KernelsFixture {
    @Override
    protected Kernels create() {
        return Backend.installed().kernels(DType.DOUBLE);
    }

    private static Window window(int rows, int columns, int stride, int padding, int dilation, boolean same) {
        return new Window(
                new int[] {rows, columns},
                new int[] {stride, stride + 1},
                new int[] {padding, padding},
                new int[] {dilation, dilation},
                same);
    }

    @Test
    void aWeightTimesTheColumnsIsTheConvolution() {
        check(new Window(new int[] {3, 2}, new int[] {1, 1}, new int[] {0, 0}, new int[] {1, 1}, false), 2, 3, 5, 6);
        check(new Window(new int[] {3, 3}, new int[] {1, 1}, new int[] {2, 1}, new int[] {1, 1}, false), 3, 2, 4, 4);
        check(new Window(new int[] {5, 5}, new int[] {1, 1}, new int[] {0, 0}, new int[] {1, 1}, true), 1, 2, 3, 3);
        check(new Window(new int[] {1, 1}, new int[] {1, 1}, new int[] {0, 0}, new int[] {1, 1}, false), 2, 2, 1, 1);
        check(window(3, 2, 2, 1, 1, false), 2, 3, 7, 6);
        check(window(2, 3, 1, 2, 2, false), 2, 1, 6, 7);
        check(window(3, 3, 2, 0, 1, true), 2, 2, 6, 5);
    }

    private Factors scale(double... factors) {
        Doubles values = kernels.allocateDoubles(factors.length);
        values.write(factors);
        return new Factors(values, 0, 1);
    }

    private void check(Window w, int... images) {
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
        assertArrayEquals(expected, found.toDoubles(), 1e-12);
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
                assertArrayEquals(new double[] {value}, new double[] {ended.get(n * 5 + j)});
                if (j < 4) {
                    assertArrayEquals(new double[] {value}, new double[] {plain.get(n * 4 + j)});
                }
            }
        }
    }
}
