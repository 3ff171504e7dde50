package io.etastar.tensor.loop;

import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.KernelsFixture;
import io.etastar.tensor.Naive;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;
import org.junit.jupiter.api.Test;

/** Depthwise convolutions and adjoints against dense convolutions whose weight is zero between channels; stacked products. */
class DepthwiseLoopsTest extends KernelsFixture {
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

    @Override
    protected Kernels create() {
        return Backend.installed().kernels(DType.DOUBLE);
    }

    @Test
    void aDepthwiseConvolutionIsADenseOneWithZeros() {
        for (Window w : WINDOWS) {
            for (int multiplier : new int[] {1, 3}) {
                check(w, multiplier, 2, 4, 7, 6);
                check(w, multiplier, 1, 1, 5, 9);
            }
        }
    }

    private void check(Window w, int multiplier, int... images) {
        int channels = images[1];
        Tensor x = random(images);
        Tensor weight = random(w.kernel()[0], w.kernel()[1], channels, multiplier);
        int[] shape = {images[0], channels * multiplier, w.outputSide(0, images[2]), w.outputSide(1, images[3])};
        Tensor a = random(shape);
        Tensor z = output(shape);
        Tensor toImages = output(images);
        Tensor toWeight = output(weight.shape());
        kernels.depthwise(x, weight, z, w).run();
        kernels.depthwiseImageAdjoint(a, weight, toImages, w).run();
        kernels.depthwiseWeightAdjoint(x, a, toWeight, w).run();
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
            for (int[] size : new int[][] {{3, 2, 4, 5}, {1, 3, 3, 3}, {4, 1, 2, 1}}) {
                Tensor x = left ? random(size[0], size[2], size[1]) : random(size[0], size[1], size[2]);
                Tensor y = right ? random(size[0], size[3], size[2]) : random(size[0], size[2], size[3]);
                Tensor out = output(size[0], size[1], size[3]);
                kernels.matmul(x, left, y, right, out, false).run();
                for (int g = 0; g < size[0]; g++) {
                    Tensor a = x.rows(g, g + 1).view(x.size(1), x.size(2));
                    Tensor b = y.rows(g, g + 1).view(y.size(1), y.size(2));
                    double[] product = Naive.matmul(a, left, b, right, new double[size[1] * size[3]]);
                    close(product, out.rows(g, g + 1), size[2], "product " + g + " of " + text(size));
                }
            }
        }
    }
}
