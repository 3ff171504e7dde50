package io.etastar.solve;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;

/**
 * The Newton-Schulz iteration that brings the singular values of a matrix near 1: X = a X + (b A + c A A) X with A = X X', a quintic in each
 * singular value (K. Jordan and others, https://kellerjordan.github.io/posts/muon/). Its coefficients raise small values fast and leave
 * all between about 0.7 and 1.2, not at 1.
 *
 * <p>Products are the pure Java BLAS's, in double precision, which gives the same bits on every machine.
 */
public final class NewtonSchulz {
    private static final double LINEAR = 3.4445;
    private static final double CUBIC = -4.7750;
    private static final double QUINTIC = 2.0315;

    /** Added to the norm. */
    private static final double EPSILON = 1e-7;

    private static final BLAS BLAS = JavaBLAS.getInstance();

    private NewtonSchulz() {}

    /**
     * The matrix after some iterations from X / (|X| + 1e-7), |X| its Frobenius norm.
     *
     * @param matrix [rows, columns], row-major; left as it is
     * @return a new array of that shape
     */
    public static double[] orthogonal(double[] matrix, int rows, int columns, int iterations) {
        double norm = 0;
        for (double x : matrix) {
            norm += x * x;
        }
        double[] x = new double[matrix.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = matrix[i] / (Math.sqrt(norm) + EPSILON);
        }
        Shape shape = new Shape(Math.min(rows, columns), Math.max(rows, columns), rows <= columns);
        return shape.throughGram(iterations) ? throughGram(x, shape, iterations) : oneByOne(x, shape, iterations);
    }

    /**
     * A matrix by its sides.
     *
     * @param wide whether it has as many rows as the shorter side
     */
    private record Shape(int shorter, int longer, boolean wide) {
        /** Whether that way takes fewer operations: only its first and last products have the longer side. */
        boolean throughGram(int iterations) {
            double square = (double) shorter * shorter;
            double each = iterations * (2.0 * square * longer + square * shorter);
            return 2 * square * longer + (4.0 * iterations - 3) * square * shorter < each;
        }

        /** A = X X', or X' X of a tall X [shorter, shorter]. */
        double[] gram(double... x) {
            double[] gram = new double[shorter * shorter];
            // To BLAS, whose matrices are column-major, the array of a wide X is X' [longer, shorter].
            if (wide) {
                BLAS.dgemm("T", "N", shorter, shorter, longer, 1, x, longer, x, longer, 0, gram, shorter);
            } else {
                BLAS.dgemm("N", "T", shorter, shorter, longer, 1, x, shorter, x, shorter, 0, gram, shorter);
            }
            return gram;
        }

        /** result = B X + scale result, or X B of a tall X; B symmetric [shorter, shorter]. */
        void apply(double[] b, double[] x, double scale, double[] result) {
            if (wide) {
                BLAS.dgemm("N", "N", longer, shorter, shorter, 1, x, longer, b, shorter, scale, result, longer);
            } else {
                BLAS.dgemm("N", "N", shorter, longer, shorter, 1, b, shorter, x, shorter, scale, result, shorter);
            }
        }
    }

    private static double[] oneByOne(double[] matrix, Shape shape, int iterations) {
        double[] x = matrix;
        for (int i = 0; i < iterations; i++) {
            double[] next = x.clone();
            shape.apply(polynomial(shape.gram(x), shape.shorter()), x, LINEAR, next);
            x = next;
        }
        return x;
    }

    /**
     * The same in the space of the shorter side. An iteration is X = B X with B = a I + b A + c A A, a polynomial in the first A as all that follow it
     * are, so that B and A commute: A becomes B A B, and the product of all B is applied to X once.
     */
    private static double[] throughGram(double[] x, Shape shape, int iterations) {
        int size = shape.shorter();
        double[] gram = shape.gram(x);
        double[] all = factor(gram, size);
        double[] latest = all;
        for (int i = 1; i < iterations; i++) {
            gram = product(product(latest, gram, size), latest, size);
            latest = factor(gram, size);
            all = product(latest, all, size);
        }
        double[] result = new double[x.length];
        shape.apply(all, x, 0, result);
        return result;
    }

    /** a I + b A + c A A. */
    private static double[] factor(double[] gram, int size) {
        double[] result = polynomial(gram, size);
        for (int i = 0; i < size; i++) {
            result[i * size + i] += LINEAR;
        }
        return result;
    }

    private static double[] product(double[] left, double[] right, int size) {
        double[] result = new double[size * size];
        BLAS.dgemm("N", "N", size, size, size, 1, left, size, right, size, 0, result, size);
        return result;
    }

    /** b A + c A A. */
    private static double[] polynomial(double[] gram, int size) {
        double[] result = gram.clone();
        BLAS.dgemm("N", "N", size, size, size, QUINTIC, gram, size, gram, size, CUBIC, result, size);
        return result;
    }
}
