package io.etastar.tensor;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sums, products and softmax. */
public abstract class AlgebraContract extends ScalarContract {
    private static final int[][] SUMMED = {
        {2, 3, 4, 5}, {7, 1, 2, 1}, {1, 3, 1, 5}, {1, 1, 1, 1}, {33, 2, 1, 8}, {2, 1, 1, 9001}
    };
    private static final int[][] PRODUCTS = {{1, 1, 1}, {2, 3, 4}, {5, 7, 3}, {16, 8, 33}, {1, 9, 1}, {4, 1, 6}};

    @Test
    void sumOverEverySubsetOfAxes() {
        for (int[] shape : SUMMED) {
            for (int set = 0; set < 16; set++) {
                int bits = set;
                int[] axes =
                        IntStream.range(0, 4).filter(a -> (bits >> a & 1) == 1).toArray();
                int[] kept = IntStream.range(0, 4)
                        .filter(a -> (bits >> a & 1) == 0)
                        .map(a -> shape[a])
                        .toArray();
                Tensor in = random(shape);
                Tensor out = output(kept);
                kernels.sum(in, axes, out).run();
                int terms = Math.max(1, in.length() / out.length());
                close(Naive.sum(in, axes), out, terms, "sum of " + text(shape) + " over " + text(axes));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"false,false", "false,true", "true,false", "true,true"})
    void matmul(boolean flipLeft, boolean flipRight) {
        for (int[] size : PRODUCTS) {
            Tensor left = flipLeft ? random(size[1], size[0]) : random(size[0], size[1]);
            Tensor right = flipRight ? random(size[2], size[1]) : random(size[1], size[2]);
            Tensor out = output(size[0], size[2]);
            double[] product = Naive.matmul(left, flipLeft, right, flipRight, new double[out.length()]);
            kernels.matmul(left, flipLeft, right, flipRight, out, false).run();
            close(product, out, size[1], "product of " + text(size));
            Tensor sum = random(size[0], size[2]);
            double[] total = Naive.matmul(left, flipLeft, right, flipRight, sum.toDoubles());
            kernels.matmul(left, flipLeft, right, flipRight, sum, true).run();
            close(total, sum, size[1], "accumulated product of " + text(size));
        }
    }

    @Test
    void logSoftmax() {
        for (int[] shape : new int[][] {{1, 1}, {3, 2}, {4, 5}, {7, 10}, {2, 33}, {16, 3}, {3, 300}}) {
            for (double scale : new double[] {1, 30, 1e4}) {
                Tensor in = random(shape);
                kernels.affine(in, scale, scale, in).run();
                Tensor out = output(shape);
                kernels.logSoftmax(in, out).run();
                // The logits themselves are the size that counts: rows end in differences of them.
                int size = (int) Math.max(1, scale) * 10;
                close(Naive.logSoftmax(in), out, size, "log softmax of " + text(shape) + " at " + scale);
            }
        }
    }

    @Test
    void oneHot() {
        Tensor out = output(4, 3);
        kernels.oneHot(of(new double[] {2, 0, 1, 2}, 4), out).run();
        close(new double[] {0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1}, out, 1, "one-hot");
    }

    @Test
    void oneHotRefusesLabelsThatAreNoColumn() {
        for (double label : new double[] {-1, 3, Double.NaN, 1e10}) {
            Kernel kernel = kernels.oneHot(of(new double[] {0, label, 0}, 3), output(3, 3));
            org.junit.jupiter.api.Assertions.assertThrows(
                    IllegalArgumentException.class,
                    () -> {
                        kernel.run();
                        kernels.synchronise();
                    },
                    "" + label);
        }
    }

    @Test
    void rowDots() {
        for (int n : LENGTHS) {
            for (int k : new int[] {1, 2, 5}) {
                for (int rows : new int[] {1, k}) {
                    Tensor left = random(k, n);
                    Tensor right = random(rows, n);
                    double[] expected = new double[k];
                    for (int j = 0; j < k * n; j++) {
                        expected[j / n] += -1.5 * left.get(j) * right.get(rows == 1 ? j % n : j);
                    }
                    Doubles sums = doubles(k + 1, 2);
                    int[] at = IntStream.range(0, k).map(j -> k - j).toArray();
                    kernels.rowDots(-1.5, left, right, sums, at).run();
                    kernels.synchronise();
                    double[] out = sums.toDoubles();
                    for (int i = 0; i < k; i++) {
                        org.junit.jupiter.api.Assertions.assertEquals(
                                2 + expected[i], out[k - i], 1e-12 * n, "row " + i);
                    }
                }
            }
        }
    }
}
