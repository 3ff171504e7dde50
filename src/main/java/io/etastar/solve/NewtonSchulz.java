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
        for (int i = 0; i < iterations; i++) {
            x = rows <= columns ? wide(x, rows, columns) : tall(x, rows, columns);
        }
        return x;
    }

    // To BLAS, whose matrices are column-major, the array is X' [columns, rows].

    private static double[] wide(double[] x, int rows, int columns) {
        double[] gram = new double[rows * rows];
        BLAS.dgemm("T", "N", rows, rows, columns, 1, x, columns, x, columns, 0, gram, rows);
        double[] result = x.clone();
        BLAS.dgemm("N", "N", columns, rows, rows, 1, x, columns, polynomial(gram, rows), rows, LINEAR, result, columns);
        return result;
    }

    private static double[] tall(double[] x, int rows, int columns) {
        double[] gram = new double[columns * columns];
        BLAS.dgemm("N", "T", columns, columns, rows, 1, x, columns, x, columns, 0, gram, columns);
        double[] result = x.clone();
        BLAS.dgemm(
                "N",
                "N",
                columns,
                rows,
                columns,
                1,
                polynomial(gram, columns),
                columns,
                x,
                columns,
                LINEAR,
                result,
                columns);
        return result;
    }

    /** b A + c A A. */
    private static double[] polynomial(double[] gram, int size) {
        double[] result = gram.clone();
        BLAS.dgemm("N", "N", size, size, size, QUINTIC, gram, size, gram, size, CUBIC, result, size);
        return result;
    }
}
