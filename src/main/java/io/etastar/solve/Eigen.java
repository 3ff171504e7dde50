package io.etastar.solve;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.netlib.util.intW;

/**
 * Eigendecomposition of a symmetric matrix.
 *
 * @param values ascending [n]
 * @param vectors vectors[i] belongs to values[i]; orthonormal; its component of largest magnitude is positive
 */
public record Eigen(double[] values, double[][] vectors) {
    /** The decomposition of {@code matrix}, which is left as it is; null if it does not converge. */
    public static @Nullable Eigen of(double[][] matrix) {
        int n = matrix.length;
        double[] a = new double[n * n];
        for (int s = 0; s < n; s++) {
            System.arraycopy(matrix[s], 0, a, s * n, n);
        }
        double[] values = new double[n];
        double[] work = new double[Math.max(1, 40 * n)];
        intW info = new intW(0);
        Lapack.library().dsyev("V", "L", n, a, n, values, work, work.length, info);
        if (info.val != 0 || !Vectors.finite(values) || !Vectors.finite(a)) {
            return null;
        }
        double[][] vectors = new double[n][];
        for (int i = 0; i < n; i++) {
            vectors[i] = signed(Arrays.copyOfRange(a, i * n, (i + 1) * n));
        }
        return new Eigen(values, vectors);
    }

    private static double[] signed(double[] vector) {
        int largest = 0;
        for (int s = 1; s < vector.length; s++) {
            largest = Math.abs(vector[s]) > Math.abs(vector[largest]) ? s : largest;
        }
        if (vector[largest] < 0) {
            for (int s = 0; s < vector.length; s++) {
                vector[s] = -vector[s];
            }
        }
        return vector;
    }
}
