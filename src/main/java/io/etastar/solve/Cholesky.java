package io.etastar.solve;

import org.jspecify.annotations.Nullable;
import org.netlib.util.intW;

/**
 * Cholesky factor of a symmetric matrix, scaled to a unit diagonal first, so that neither the verdict nor the accuracy
 * depends on the units of its rows.
 */
final class Cholesky {
    private final int size;
    private final double[] scale;
    private final double[] factor;

    private Cholesky(double[] scale, double[] factor) {
        this.size = scale.length;
        this.scale = scale;
        this.factor = factor;
    }

    /** The factor of {@code matrix}, which is left as it is; null if it is not positive definite to rounding. */
    static @Nullable Cholesky of(double[][] matrix) {
        int n = matrix.length;
        double[] scale = new double[n];
        for (int s = 0; s < n; s++) {
            scale[s] = 1 / Math.sqrt(matrix[s][s]);
            if (!(matrix[s][s] > 0) || !Double.isFinite(scale[s])) {
                return null;
            }
        }
        double[] factor = new double[n * n];
        for (int s = 0; s < n; s++) {
            for (int t = 0; t < n; t++) {
                factor[s * n + t] = s == t ? 1 : matrix[s][t] * scale[s] * scale[t];
            }
        }
        intW info = new intW(0);
        if (n > 0) {
            Lapack.library().dpotrf("L", n, factor, n, info);
        }
        return info.val == 0 && pivotsExceedRounding(factor, n) ? new Cholesky(scale, factor) : null;
    }

    private static boolean pivotsExceedRounding(double[] factor, int n) {
        for (int s = 0; s < n; s++) {
            double pivot = factor[s * n + s];
            if (!(pivot * pivot > n * Math.ulp(1.0))) {
                return false;
            }
        }
        return true;
    }

    /** The solution of matrix x = b; a new array. */
    double[] solve(double[] b) {
        double[] x = new double[size];
        for (int s = 0; s < size; s++) {
            x[s] = b[s] * scale[s];
        }
        if (size > 0) {
            Lapack.library().dpotrs("L", size, 1, factor, size, x, size, new intW(0));
        }
        for (int s = 0; s < size; s++) {
            x[s] *= scale[s];
        }
        return x;
    }
}
