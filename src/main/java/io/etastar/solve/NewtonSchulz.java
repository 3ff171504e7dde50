package io.etastar.solve;

/**
 * The Newton-Schulz iteration that brings the singular values of a matrix near 1: X = a X + (b A + c A A) X with A = X X', a quintic in each
 * singular value (K. Jordan and others, https://kellerjordan.github.io/posts/muon/). Its coefficients raise small values fast and leave
 * all between about 0.7 and 1.2, not at 1.
 *
 * <p>Products are in double precision, with the same bits on every machine. Of a matrix with a shorter side m and a longer one n they take, for k iterations,
 * k (1.5 m^2 n + 0.5 m^3) multiplications one by one, or 1.5 m^2 n + (2 k - 1.5) m^3 in the space of the shorter side, whichever is less.
 */
public final class NewtonSchulz {
    private static final double LINEAR = 3.4445;
    private static final double CUBIC = -4.7750;
    private static final double QUINTIC = 2.0315;

    /** Added to the norm. */
    private static final double EPSILON = 1e-7;

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
        double scale = 1 / (Math.sqrt(norm) + EPSILON);
        int m = PaddedProduct.padded(Math.min(rows, columns));
        int n = PaddedProduct.padded(Math.max(rows, columns));
        // Where an element of the matrix stands in X [m, n], which has no more rows than columns, and zeros around.
        int down = rows <= columns ? n : 1;
        int across = rows <= columns ? 1 : n;
        double[] x = new double[m * n];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                x[i * down + j * across] = matrix[i * columns + j] * scale;
            }
        }
        double square = (double) m * m;
        double each = iterations * (1.5 * square * n + 0.5 * square * m);
        double[] iterated = 1.5 * square * n + (2.0 * iterations - 1.5) * square * m < each
                ? throughGram(x, m, n, iterations)
                : oneByOne(x, m, n, iterations);
        double[] result = new double[matrix.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                result[i * columns + j] = iterated[i * down + j * across];
            }
        }
        return result;
    }

    private static double[] oneByOne(double[] start, int m, int n, int iterations) {
        double[] x = start;
        for (int i = 0; i < iterations; i++) {
            x = PaddedProduct.of(factor(gram(x, m, n), m), x, m, m, n);
        }
        return x;
    }

    /**
     * The same in the space of the shorter side. An iteration is X = B X with B = a I + b A + c A A, a polynomial in the first A as all that follow it
     * are, so that B and A commute: A becomes B A B, and the product of all B is applied to X once.
     */
    private static double[] throughGram(double[] x, int m, int n, int iterations) {
        double[] gram = gram(x, m, n);
        double[] all = factor(gram, m);
        double[] latest = all;
        for (int i = 1; i < iterations; i++) {
            gram = product(product(latest, gram, m), latest, m);
            latest = factor(gram, m);
            all = product(latest, all, m);
        }
        return PaddedProduct.of(all, x, m, m, n);
    }

    /** A = X X' [m, m]. */
    private static double[] gram(double[] x, int m, int n) {
        return PaddedProduct.symmetric(x, PaddedProduct.transposed(x, m, n), m, n);
    }

    /** a I + b A + c A A [m, m]. */
    private static double[] factor(double[] gram, int m) {
        double[] result = product(gram, gram, m);
        for (int i = 0; i < result.length; i++) {
            result[i] = CUBIC * gram[i] + QUINTIC * result[i];
        }
        for (int i = 0; i < m; i++) {
            result[i * m + i] += LINEAR;
        }
        return result;
    }

    /** Of symmetric matrices that commute [m, m]. */
    private static double[] product(double[] left, double[] right, int m) {
        return PaddedProduct.symmetric(left, right, m, m);
    }
}
