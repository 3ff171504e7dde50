package io.etastar.solve;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.netlib.util.intW;

/** Solution of H x = g for a symmetric H of any signature, by elimination with pivots. */
final class LinearSolve {
    private LinearSolve() {}

    /**
     * x, new; null if H is singular to rounding. Rows and columns are scaled to entries of at most 1 first, so that units do
     * not matter.
     */
    static double @Nullable [] of(double[][] h, double[] g) {
        int n = g.length;
        double[] scale = new double[n];
        for (int s = 0; s < n; s++) {
            scale[s] = 1 / Math.sqrt(Arrays.stream(h[s]).map(Math::abs).max().orElse(1));
        }
        double[] matrix = new double[n * n];
        double[] x = new double[n];
        for (int s = 0; s < n; s++) {
            x[s] = scale[s] * g[s];
            for (int t = 0; t < n; t++) {
                matrix[t * n + s] = scale[s] * h[s][t] * scale[t];
            }
        }
        intW info = new intW(0);
        if (n > 0) {
            Lapack.library().dgesv(n, 1, matrix, n, new int[n], x, n, info);
        }
        for (int s = 0; s < n; s++) {
            x[s] *= scale[s];
        }
        return info.val == 0 && pivotsExceedRounding(matrix, n) && Vectors.finite(x) ? x : null;
    }

    private static boolean pivotsExceedRounding(double[] factor, int n) {
        double largest = 0;
        for (int s = 0; s < n; s++) {
            largest = Math.max(largest, Math.abs(factor[s * n + s]));
        }
        for (int s = 0; s < n; s++) {
            if (!(Math.abs(factor[s * n + s]) > n * Math.ulp(1.0) * largest)) {
                return false;
            }
        }
        return true;
    }
}
