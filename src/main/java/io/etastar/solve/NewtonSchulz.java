package io.etastar.solve;

/**
 * The Newton-Schulz iteration that brings the singular values of a matrix near 1: X = a X + (b A + c A A) X with A = X X', a quintic in each
 * singular value (K. Jordan and others, https://kellerjordan.github.io/posts/muon/). Its coefficients raise small values fast and leave
 * all between about 0.7 and 1.2, not at 1.
 *
 * <p>Products are in double precision, with the same bits on every machine. With A of the shorter side m and n the longer one, an iteration is X = B X
 * with B = a I + b A + c A A. Of a square X it is computed as it stands: k iterations take k (1.5 m^2 n + 0.5 m^3) multiplications. Of others A becomes B A B,
 * since B, a polynomial in the first A as all that follow are, commutes with it, and the product of all B is applied to X once: 1.5 m^2 n + (2 k - 1.5) m^3,
 * which is less, with errors up to 1e-10 in place of 1e-12 where X has a low rank.
 *
 * <p>For one thread: an object keeps the arrays that it computes in, six of the largest matrix yet.
 */
public final class NewtonSchulz {
    private static final double LINEAR = 3.4445;
    private static final double CUBIC = -4.7750;
    private static final double QUINTIC = 2.0315;

    /** Added to the norm. */
    private static final double EPSILON = 1e-7;

    /** Sides that are as many times this, rounded up, are as good as the same. */
    private static final int SQUARE = 16;

    private final int iterations;

    /** X [rows, columns], X' and, [m, m] each, A, B, the product of all B, and what is computed next. */
    private double[] x = {};

    private double[] turned = {};
    private double[] gram = {};
    private double[] latest = {};
    private double[] all = {};
    private double[] next = {};

    /**
     * For matrices of any shape.
     *
     * @param iterations at least 1
     */
    public NewtonSchulz(int iterations) {
        this.iterations = iterations;
    }

    /**
     * Replaces a matrix by what the iterations make of X / (|X| + 1e-7), |X| its Frobenius norm.
     *
     * @param matrix [rows, columns], row-major, from {@code from} on
     */
    public void orthogonalize(double[] matrix, int from, int rows, int columns) {
        int height = PanelProduct.padded(rows);
        int width = PanelProduct.padded(columns);
        reserve(height * width, Math.min(height, width));
        PanelProduct.fill(matrix, from, rows, columns, 1 / (norm(matrix, from, rows * columns) + EPSILON), x);
        if (isNearlySquare(rows, columns)) {
            iterate(height, width, rows <= columns);
        } else if (rows < columns) {
            PanelProduct.transpose(x, height, width, turned);
            iterateFactors(turned, height, width);
            PanelProduct.multiply(all, x, height, height, width, turned);
            swap();
        } else {
            // B X' turned is X B.
            PanelProduct.transpose(x, height, width, turned);
            iterateFactors(x, width, height);
            PanelProduct.multiply(turned, all, height, width, width, x);
        }
        PanelProduct.copy(x, matrix, from, rows, columns);
    }

    /** On every machine alike, whatever its panels are. */
    private static boolean isNearlySquare(int rows, int columns) {
        return (rows + SQUARE - 1) / SQUARE == (columns + SQUARE - 1) / SQUARE;
    }

    private void swap() {
        double[] other = turned;
        turned = x;
        x = other;
    }

    private void reserve(int length, int side) {
        if (x.length < length) {
            x = new double[length];
            turned = new double[length];
        }
        if (gram.length < side * side) {
            gram = new double[side * side];
            latest = new double[side * side];
            all = new double[side * side];
            next = new double[side * side];
        }
    }

    private static double norm(double[] matrix, int from, int length) {
        double sum = 0;
        for (int i = from; i < from + length; i++) {
            sum += matrix[i] * matrix[i];
        }
        return Math.sqrt(sum);
    }

    /** X = B X or, with more rows than columns, X = X B. */
    private void iterate(int height, int width, boolean wide) {
        for (int i = 0; i < iterations; i++) {
            PanelProduct.transpose(x, height, width, turned);
            if (wide) {
                PanelProduct.multiplySymmetric(turned, turned, height, width, gram);
                computeFactor(height);
                PanelProduct.multiply(latest, x, height, height, width, turned);
                swap();
            } else {
                PanelProduct.multiplySymmetric(x, x, width, height, gram);
                computeFactor(width);
                PanelProduct.multiply(turned, latest, height, width, width, x);
            }
        }
    }

    /**
     * Computes the product of all B.
     *
     * @param left [n, m], of which A is left' left
     */
    private void iterateFactors(double[] left, int m, int n) {
        PanelProduct.multiplySymmetric(left, left, m, n, gram);
        computeFactor(m);
        System.arraycopy(latest, 0, all, 0, m * m);
        for (int i = 1; i < iterations; i++) {
            // Symmetric matrices that commute have symmetric products.
            PanelProduct.multiplySymmetric(latest, gram, m, m, next);
            PanelProduct.multiplySymmetric(next, latest, m, m, gram);
            computeFactor(m);
            PanelProduct.multiplySymmetric(latest, all, m, m, next);
            double[] product = next;
            next = all;
            all = product;
        }
    }

    /** B = a I + b A + c A A. */
    private void computeFactor(int m) {
        PanelProduct.multiplySymmetric(gram, gram, m, m, latest);
        for (int i = 0; i < m * m; i++) {
            latest[i] = CUBIC * gram[i] + QUINTIC * latest[i];
        }
        PanelProduct.addToDiagonal(latest, m, LINEAR);
    }
}
