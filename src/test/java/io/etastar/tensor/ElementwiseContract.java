package io.etastar.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Operations on single elements and on pairs of them. */
public abstract class ElementwiseContract extends SumsContract {
    static final int[] LENGTHS = {1, 2, 3, 7, 8, 33, 64, 257};
    private static final double[] ANY = {
        0, -0.0, 1e-3, -1e-3, 0.25, -0.25, 0.5, -0.5, 1, -1, 3, -3, 8, -8, 17, -17, 40, -40, 90, -90
    };
    private static final double[] POSITIVE = {1e-30, 1e-9, 1e-3, 0.5, 1, 1.5, 2, 10, 40, 90, 1e9};
    private static final int[][][] SHAPES = {
        {{}, {}},
        {{1}, {}},
        {{3}, {}},
        {{}, {3}},
        {{7}, {7}},
        {{4, 3}, {3}},
        {{3}, {4, 3}},
        {{4, 3}, {4, 1}},
        {{4, 1}, {1, 3}},
        {{1, 3}, {3}},
        {{5, 1, 1}, {1}},
        {{2, 3, 4}, {3, 1}},
        {{2, 3, 4}, {2, 1, 4}},
        {{2, 3, 4, 5}, {1, 3, 1, 1}},
        {{2, 3, 4, 5}, {2, 1, 4, 1}},
        {{2, 1, 4, 1}, {1, 3, 1, 5}},
        {{2, 3, 2, 3, 2}, {2, 3, 2, 3, 2}},
        {{2, 3, 2, 3, 2}, {3, 1, 3, 1}},
        {{2, 1, 2, 1, 2}, {1, 3, 1, 3, 1}},
        {{3, 1, 4, 2, 2}, {3, 5, 1, 2, 2}},
    };

    static DoubleUnaryOperator function(Kernels.Unary unary) {
        return switch (unary) {
            case TANH -> Math::tanh;
            case SIGMOID -> x -> 1 / (1 + Math.exp(-x));
            case RELU -> x -> Math.max(x, 0);
            case ELU -> x -> x > 0 ? x : Math.expm1(x);
            case SOFTPLUS -> x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
            case ARCTAN -> Math::atan;
            case ERF -> Erf::erf;
            case EXP -> Math::exp;
            case LOG -> Math::log;
            case SQUARE -> x -> x * x;
        };
    }

    static DoubleBinaryOperator function(Kernels.Binary binary) {
        return switch (binary) {
            case ADD -> (a, b) -> a + b;
            case SUBTRACT -> (a, b) -> a - b;
            case MULTIPLY -> (a, b) -> a * b;
        };
    }

    @ParameterizedTest
    @EnumSource
    void map(Kernels.Unary unary) {
        double[] domain = unary == Kernels.Unary.LOG ? POSITIVE : ANY;
        for (int length : LENGTHS) {
            for (int start = 0; start < domain.length; start++) {
                int shift = start;
                Tensor in = of(
                        IntStream.range(0, length)
                                .mapToDouble(i -> domain[(i + shift) % domain.length])
                                .toArray(),
                        length);
                double[] expected =
                        Arrays.stream(in.toDoubles()).map(function(unary)).toArray();
                Tensor out = output(length);
                kernels.map(unary, in, out).run();
                close(expected, out, 1, unary + " of " + length);
                kernels.map(unary, in, in).run();
                assertArrayEquals(out.toDoubles(), in.toDoubles(), unary + " in place");
            }
        }
    }

    @Test
    void affine() {
        for (int length : LENGTHS) {
            Tensor in = random(length);
            double[] expected =
                    Arrays.stream(in.toDoubles()).map(x -> -1.7 * x + 0.3).toArray();
            Tensor out = output(length);
            kernels.affine(in, -1.7, 0.3, out).run();
            close(expected, out, 1, "affine of " + length);
            kernels.affine(in, -1.7, 0.3, in).run();
            close(expected, in, 1, "affine in place of " + length);
        }
    }

    @Test
    void copy() {
        for (int length : LENGTHS) {
            Tensor in = random(length, 2);
            Tensor out = output(2, length);
            kernels.copy(in, out).run();
            assertArrayEquals(in.toDoubles(), out.toDoubles());
        }
    }

    @ParameterizedTest
    @EnumSource
    void binary(Kernels.Binary op) {
        for (int[][] shapes : SHAPES) {
            Tensor left = random(shapes[0]);
            Tensor right = random(shapes[1]);
            int[] shape = Shapes.broadcast(shapes[0], shapes[1]);
            String what = op + " of " + text(shapes[0]) + " and " + text(shapes[1]);
            double[] expected = Naive.broadcast(function(op), left, right, shape);
            Tensor out = output(shape);
            kernels.binary(op, left, right, out).run();
            close(expected, out, 1, what);
            for (Tensor operand : new Tensor[] {left, right}) {
                if (Arrays.equals(operand.shape(), shape)) {
                    double[] before = operand.toDoubles();
                    kernels.binary(op, left, right, operand).run();
                    close(expected, operand, 1, what + " in place");
                    operand.write(RawArray.of(before));
                }
            }
        }
    }

    @Test
    void operandsOfABinaryOpMayBeTheSame() {
        Tensor in = random(5, 3);
        double[] expected = Arrays.stream(in.toDoubles()).map(x -> x * x).toArray();
        kernels.binary(Kernels.Binary.MULTIPLY, in, in, in).run();
        close(expected, in, 1, "square in place");
    }

    @Test
    void broadcast() {
        int[][][] pairs = {
            {{1, 3}, {4, 3}},
            {{4, 1}, {4, 3}},
            {{1, 1}, {4, 700}},
            {{2, 1, 3}, {2, 5, 3}},
            {{2, 1, 3, 1, 1}, {2, 4, 3, 2, 3}},
            {{2, 3}, {2, 3}},
            {{1, 2, 1, 2}, {3, 2, 3, 2}},
        };
        for (int[][] pair : pairs) {
            Tensor in = random(pair[0]);
            Tensor out = output(pair[1]);
            kernels.broadcast(in, out).run();
            Tensor zero = random(pair[1]);
            zero.fill(0, zero.length(), 0);
            Tensor sum = output(pair[1]);
            kernels.binary(Kernels.Binary.ADD, zero, in, sum).run();
            org.junit.jupiter.api.Assertions.assertArrayEquals(sum.toDoubles(), out.toDoubles());
        }
    }
}
