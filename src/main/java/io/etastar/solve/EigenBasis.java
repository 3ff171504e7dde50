package io.etastar.solve;

import org.jspecify.annotations.Nullable;
import org.netlib.util.intW;

/**
 * Eigendecomposition of a symmetric matrix of up to some thousand rows, by divide and conquer (dsyevd).
 *
 * @param values ascending [n]
 * @param vectors orthonormal: vectors[i n .. (i + 1) n) belongs to values[i]
 */
public record EigenBasis(double[] values, double[] vectors) {
    /**
     * The decomposition of a matrix of side {@code n}.
     *
     * @param triangle its lower triangle, row by row: n (n + 1) / 2 numbers, left as they are
     * @return null if it does not converge or a number is not finite
     */
    public static @Nullable EigenBasis of(int n, double... triangle) {
        if (!Vectors.finite(triangle)) {
            return null;
        }
        double[] matrix = new double[Math.multiplyExact(n, n)];
        for (int i = 0, from = 0; i < n; from += ++i) {
            System.arraycopy(triangle, from, matrix, i * n, i + 1);
        }
        double[] values = new double[n];
        double[] work = new double[Math.addExact(1 + 6 * n, Math.multiplyExact(2 * n, n))];
        int[] integers = new int[3 + 5 * n];
        intW info = new intW(0);
        // Rows of the lower triangle are columns of the upper one.
        Lapack.library().dsyevd("V", "U", n, matrix, n, values, work, work.length, integers, integers.length, info);
        return info.val == 0 && Vectors.finite(values) && Vectors.finite(matrix)
                ? new EigenBasis(values, matrix)
                : null;
    }
}
