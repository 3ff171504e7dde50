package io.etastar.tensor;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums, products, softmax and the chain rule of scalar functions. */
public abstract class AlgebraContract extends ElementwiseContract {
    private static final int[][] SUMMED = {{2, 3, 4, 5}, {7, 1, 2, 1}, {1, 3, 1, 5}, {1, 1, 1, 1}, {33, 2, 1, 8}};
    private static final int[][] PRODUCTS = {{1, 1, 1}, {2, 3, 4}, {5, 7, 3}, {16, 8, 33}, {1, 9, 1}, {4, 1, 6}};

    /** Some function that uses both arguments. */
    private static final ScalarFunction MIXED = new ScalarFunction() {
        @Override
        public double first(double x, double y) {
            return x + 2 * y;
        }

        @Override
        public double second(double x, double y) {
            return x * y - 0.5;
        }

        @Override
        public double third(double x, double y) {
            return x - y + 0.1;
        }
    };

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
        for (int[] shape : new int[][] {{1, 1}, {3, 2}, {4, 5}, {7, 10}, {2, 33}, {16, 3}}) {
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
    void scalarAdjoint() {
        for (int length : LENGTHS) {
            Tensor x = random(length);
            Tensor y = random(length);
            Tensor in = random(length);
            double[] expected = IntStream.range(0, length)
                    .mapToDouble(i -> in.get(i) * MIXED.first(x.get(i), y.get(i)))
                    .toArray();
            Tensor out = output(length);
            kernels.scalarAdjoint(MIXED, x, y, in, out).run();
            close(expected, out, 1, "adjoint of " + length);
            kernels.scalarAdjoint(MIXED, x, y, in, in).run();
            close(expected, in, 1, "adjoint in place of " + length);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void scalarAdjointTangents(boolean withAdjointTangent) {
        for (int length : LENGTHS) {
            Tensor x = random(length);
            Tensor y = random(length);
            Tensor a = random(length);
            Tensor t = random(length);
            Tensor b = withAdjointTangent ? random(length) : null;
            double[] expected = IntStream.range(0, length)
                    .mapToDouble(i -> MIXED.second(x.get(i), y.get(i)) * t.get(i) * a.get(i)
                            + (b == null ? 0 : MIXED.first(x.get(i), y.get(i)) * b.get(i)))
                    .toArray();
            Tensor out = output(length);
            kernels.scalarAdjointTangents(new ScalarFunction.AdjointTangents(MIXED, x, y, a, t, b, out))
                    .run();
            close(expected, out, 1, "tangents of the adjoint of " + length);
        }
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void scalarTangents(boolean secondIn, boolean secondOut) {
        for (int n : new int[] {1, 7, 16, 33, 513}) {
            for (int k : new int[] {1, 2, 5}) {
                Tensor first = random(k, n);
                Tensor second = secondIn ? random(k, n) : null;
                Tensor secondOutput = secondOut ? output(k, n) : null;
                int[] subsets = IntStream.range(0, k).map(j -> k - j).toArray();
                ScalarFunction.Tangents t = new ScalarFunction.Tangents(
                        MIXED,
                        random(n),
                        random(n),
                        random(n),
                        first,
                        second,
                        output(k, n),
                        secondOutput,
                        subsets,
                        doubles((k + 1) * (k + 1), 1),
                        doubles(k + 1, -1));
                kernels.scalarTangents(t).run();
                kernels.synchronise();
                checkTangents(t, k, n);
            }
        }
    }

    private void checkTangents(ScalarFunction.Tangents s, int k, int n) {
        double[] first = new double[k * n];
        double[] second = new double[k * n];
        double[] h = new double[k * k];
        double[] order3 = new double[k + 1];
        java.util.Arrays.fill(order3, -1);
        for (int j = 0; j < k * n; j++) {
            int i = j % n;
            double x = s.x().get(i);
            double y = s.y().get(i);
            double a = s.adjoint().get(i);
            double t = s.first().get(j);
            double c = s.second() == null ? 0 : s.second().get(j);
            first[j] = MIXED.first(x, y) * t;
            second[j] = MIXED.first(x, y) * c + MIXED.second(x, y) * t * t;
            for (int other = 0; other <= j / n; other++) {
                h[j / n * k + other] += a * MIXED.second(x, y) * t * s.first().get(other * n + i);
            }
            order3[k - j / n] += a * (MIXED.third(x, y) * t * t * t + 3 * MIXED.second(x, y) * t * c);
        }
        close(first, s.firstOut(), 2, "first tangents");
        double[] found = s.h().toDoubles();
        for (int j = 0; j < k * k; j++) {
            if (j % k <= j / k) {
                int row = s.subsets()[j / k];
                int column = s.subsets()[j % k];
                double[] expected = {1 + h[j], 1 + h[j]};
                double[] both = {found[row * (k + 1) + column], found[column * (k + 1) + row]};
                close(expected, both, 10 * n, "h " + j);
            }
        }
        close(order3, s.order3().toDoubles(), 10 * n, "order3");
        if (s.secondOut() != null) {
            close(second, s.secondOut(), 4, "second tangents");
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
