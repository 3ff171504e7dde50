package io.etastar.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The chain rule of scalar functions, of one that is given in Java alone, and of one that states itself in C beside. */
public abstract class ScalarContract extends ElementwiseContract {
    /** Some function that uses both arguments; its value is no part of its derivatives. */
    private record Mixed(boolean stated) implements ScalarFunction, DoubleUnaryOperator {
        @Override
        public double applyAsDouble(double x) {
            return x * x - 0.25 * x;
        }

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

        @Override
        public Optional<CFunction> inC() {
            return stated
                    ? Optional.of(new CFunction(
                            "x * x - x / 4", "x + 2 * y", "x * y - T(0.5)", "x - y + " + CFunction.number(0.1)))
                    : Optional.empty();
        }
    }

    static Stream<ScalarFunction> functions() {
        return Stream.of(new Mixed(false), new Mixed(true));
    }

    @ParameterizedTest
    @MethodSource("functions")
    void map(ScalarFunction f) {
        DoubleUnaryOperator value = (DoubleUnaryOperator) f;
        for (int length : LENGTHS) {
            Tensor in = random(length);
            double[] expected = Arrays.stream(in.toDoubles()).map(value).toArray();
            Tensor out = output(length);
            kernels.map(value, in, out).run();
            close(expected, out, 1, "function of " + length);
            kernels.map(value, in, in).run();
            assertArrayEquals(out.toDoubles(), in.toDoubles(), "function in place");
        }
    }

    @ParameterizedTest
    @MethodSource("functions")
    void scalarAdjoint(ScalarFunction f) {
        for (int length : LENGTHS) {
            Tensor x = random(length);
            Tensor y = random(length);
            Tensor in = random(length);
            double[] expected = IntStream.range(0, length)
                    .mapToDouble(i -> in.get(i) * f.first(x.get(i), y.get(i)))
                    .toArray();
            Tensor out = output(length);
            kernels.scalarAdjoint(f, x, y, in, out).run();
            close(expected, out, 1, "adjoint of " + length);
            kernels.scalarAdjoint(f, x, y, in, in).run();
            close(expected, in, 1, "adjoint in place of " + length);
        }
    }

    @ParameterizedTest
    @MethodSource("functions")
    void scalarAdjointTangents(ScalarFunction f) {
        for (int length : LENGTHS) {
            for (boolean withAdjointTangent : new boolean[] {true, false}) {
                Tensor x = random(length);
                Tensor y = random(length);
                Tensor a = random(length);
                Tensor t = random(length);
                Tensor b = withAdjointTangent ? random(length) : null;
                double[] expected = IntStream.range(0, length)
                        .mapToDouble(i -> f.second(x.get(i), y.get(i)) * t.get(i) * a.get(i)
                                + (b == null ? 0 : f.first(x.get(i), y.get(i)) * b.get(i)))
                        .toArray();
                Tensor out = output(length);
                kernels.scalarAdjointTangents(new ScalarFunction.AdjointTangents(f, x, y, a, t, b, out))
                        .run();
                close(expected, out, 1, "tangents of the adjoint of " + length);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void scalarTangents(boolean secondIn, boolean secondOut) {
        for (ScalarFunction f : functions().toList()) {
            for (int n : new int[] {1, 7, 16, 33, 513}) {
                for (int k : new int[] {1, 2, 5}) {
                    tangents(f, n, k, secondIn, secondOut);
                }
            }
        }
    }

    /** More directions and elements than a block of threads takes. */
    @ParameterizedTest
    @CsvSource({"1100,2", "70,18", "2500,33"})
    void scalarTangentsOfLargeStacks(int n, int k) {
        for (ScalarFunction f : functions().toList()) {
            tangents(f, n, k, true, true);
        }
    }

    /** More elements than fit into the most parts of the least size. */
    @ParameterizedTest
    @CsvSource({"270001,1", "45001,33"})
    void scalarTangentsOfLargeParts(int n, int k) {
        tangents(functions().findFirst().orElseThrow(), n, k, false, false);
    }

    private void tangents(ScalarFunction f, int n, int k, boolean secondIn, boolean secondOut) {
        Tensor first = random(k, n);
        Tensor second = secondIn ? random(k, n) : null;
        Tensor x = random(n);
        Tensor y = random(n);
        Tensor a = random(n);
        int[] subsets = IntStream.range(0, k).map(j -> k - j).toArray();
        Tensor firstOut = output(k, n);
        Tensor secondOutput = secondOut ? output(k, n) : null;
        ScalarFunction.Tangents t = new ScalarFunction.Tangents(
                f,
                x,
                y,
                a,
                first,
                second,
                firstOut,
                secondOutput,
                subsets,
                doubles((k + 1) * (k + 1), 1),
                doubles(k + 1, -1));
        kernels.scalarTangents(t).run();
        kernels.synchronise();
        checkTangents(t, k, n);
        ScalarFunction.Tangents inPlace = new ScalarFunction.Tangents(
                f, x, y, a, first, second, first, secondOut ? second : null, subsets, t.h(), t.order3());
        kernels.scalarTangents(inPlace).run();
        kernels.synchronise();
        assertArrayEquals(firstOut.toDoubles(), first.toDoubles(), "first tangents in place");
        if (secondIn && secondOut) {
            assertArrayEquals(secondOutput.toDoubles(), second.toDoubles(), "second tangents in place");
        }
    }

    private void checkTangents(ScalarFunction.Tangents s, int k, int n) {
        double[] first = new double[k * n];
        double[] second = new double[k * n];
        double[] h = new double[k * k];
        double[] order3 = new double[k + 1];
        Arrays.fill(order3, -1);
        double[][] all = {
            s.x().toDoubles(),
            s.y().toDoubles(),
            s.adjoint().toDoubles(),
            s.first().toDoubles()
        };
        double[] seconds = s.second() == null ? new double[k * n] : s.second().toDoubles();
        for (int j = 0; j < k * n; j++) {
            int i = j % n;
            double x = all[0][i];
            double y = all[1][i];
            double a = all[2][i];
            double t = all[3][j];
            double c = seconds[j];
            first[j] = s.f().first(x, y) * t;
            second[j] = s.f().first(x, y) * c + s.f().second(x, y) * t * t;
            for (int other = 0; other <= j / n; other++) {
                h[j / n * k + other] += a * s.f().second(x, y) * t * all[3][other * n + i];
            }
            order3[k - j / n] += a * (s.f().third(x, y) * t * t * t + 3 * s.f().second(x, y) * t * c);
        }
        close(first, s.firstOut(), 2, "first tangents");
        checkSums(s, k, n, h);
        close(order3, s.order3().toDoubles(), 10 * n, "order3");
        if (s.secondOut() != null) {
            close(second, s.secondOut(), 4, "second tangents");
        }
    }

    private void checkSums(ScalarFunction.Tangents s, int k, int n, double... h) {
        double[] found = s.h().toDoubles();
        double[] expected = new double[(k + 1) * (k + 1)];
        Arrays.fill(expected, 1);
        for (int j = 0; j < k * k; j++) {
            if (j % k <= j / k) {
                int row = s.subsets()[j / k];
                int column = s.subsets()[j % k];
                expected[row * (k + 1) + column] = 1 + h[j];
                expected[column * (k + 1) + row] = 1 + h[j];
            }
        }
        close(expected, found, 10 * n, "h");
    }

    /** By the formula of Faa di Bruno. */
    @ParameterizedTest
    @MethodSource("functions")
    void scalarSeries(ScalarFunction f) {
        for (int n : new int[] {1, 33, 300}) {
            Tensor x = random(n);
            Tensor y = random(n);
            Tensor[] in = {random(3, n), random(3, n), random(3, n)};
            double[][] expected = new double[3][3 * n];
            for (int j = 0; j < 3 * n; j++) {
                double f1 = f.first(x.get(j % n), y.get(j % n));
                double f2 = f.second(x.get(j % n), y.get(j % n));
                double f3 = f.third(x.get(j % n), y.get(j % n));
                double a = in[0].get(j);
                double b = in[1].get(j);
                expected[0][j] = f1 * a;
                expected[1][j] = f1 * b + f2 / 2 * a * a;
                expected[2][j] = f1 * in[2].get(j) + f2 * a * b + f3 / 6 * a * a * a;
            }
            for (int order = 1; order <= 3; order++) {
                Tensor[] out = Stream.generate(() -> output(3, n)).limit(order).toArray(Tensor[]::new);
                kernels.scalarSeries(new ScalarFunction.Series(f, x, y, Arrays.copyOf(in, order), out))
                        .run();
                for (int k = 0; k < order; k++) {
                    close(expected[k], out[k], 10, "order " + (k + 1) + " of " + order);
                }
            }
        }
    }

    /** Coefficients of log sum exp are cumulants under softmax. */
    @Test
    void logSoftmaxSeries() {
        int rows = 3;
        for (int classes : new int[] {1, 2, 10, 300}) {
            Tensor p = softmax(rows, classes);
            Tensor[] in = {random(2 * rows, classes), null, random(2 * rows, classes), null};
            Tensor[] out =
                    Stream.generate(() -> output(2 * rows, classes)).limit(4).toArray(Tensor[]::new);
            kernels.logSoftmaxSeries(new Kernels.LogSoftmaxSeries(p, in, out)).run();
            double[] weights = p.toDoubles();
            double[] a = in[0].toDoubles();
            double[] c = in[2].toDoubles();
            double[][] expected = new double[4][a.length];
            for (int row = 0; row < 2 * rows; row++) {
                int at = row * classes;
                int from = row % rows * classes;
                double mean = moment(weights, from, a, at, classes, 0, 1);
                double[] cumulants = {
                    mean,
                    moment(weights, from, a, at, classes, mean, 2) / 2,
                    moment(weights, from, c, at, classes, 0, 1) + moment(weights, from, a, at, classes, mean, 3) / 6
                };
                double variance = moment(weights, from, a, at, classes, mean, 2);
                double fourth = moment(weights, from, a, at, classes, mean, 4) - 3 * variance * variance;
                double covariance = IntStream.range(0, classes)
                        .mapToDouble(i -> weights[from + i] * (a[at + i] - mean) * c[at + i])
                        .sum();
                for (int i = at; i < at + classes; i++) {
                    expected[3][i] = -fourth / 24 - covariance;
                    expected[0][i] = a[i] - cumulants[0];
                    expected[1][i] = -cumulants[1];
                    expected[2][i] = c[i] - cumulants[2];
                }
            }
            for (int k = 0; k < 4; k++) {
                close(expected[k], out[k], 20, "coefficient " + (k + 1) + " of " + classes);
            }
        }
    }

    private Tensor softmax(int rows, int classes) {
        Tensor p = random(rows, classes);
        double[] values = Arrays.stream(p.toDoubles()).map(Math::exp).toArray();
        for (int row = 0; row < rows; row++) {
            double total =
                    Arrays.stream(values, row * classes, (row + 1) * classes).sum();
            for (int i = row * classes; i < (row + 1) * classes; i++) {
                values[i] /= total;
            }
        }
        p.write(RawArray.of(values));
        return p;
    }

    /** Sum of p (z - mean)^power over a row. */
    private static double moment(double[] p, int from, double[] z, int at, int count, double mean, int power) {
        return IntStream.range(0, count)
                .mapToDouble(i -> p[from + i] * Math.pow(z[at + i] - mean, power))
                .sum();
    }
}
