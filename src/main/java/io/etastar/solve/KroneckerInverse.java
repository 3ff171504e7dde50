package io.etastar.solve;

import dev.ludovic.netlib.blas.JavaBLAS;
import java.util.stream.IntStream;

/**
 * Solutions U of F U C' + damping U = G for two symmetric factors F [m, m] and C [n, n], from their eigenvectors Q and eigenvalues:
 *
 * <pre>
 * U = Q_F ((Q_F' G Q_C)[i, j] / (f_i c_j + damping)) Q_C'
 * </pre>
 *
 * <p>Eigenvalues below 0, which are rounding, count as 0. Blocks of columns are computed in parallel; results do not depend on
 * the number of threads.
 *
 * @param f of F
 * @param c of C
 */
public record KroneckerInverse(EigenBasis f, EigenBasis c) {
    /** Columns that one task computes. */
    private static final int BLOCK = 128;

    /**
     * Solves for one right-hand side.
     *
     * @param damping positive
     * @param g G [m, n], column after column; overwritten with U
     */
    public void solve(double damping, double[] g) {
        int m = f.values().length;
        int n = c.values().length;
        double[] half = new double[g.length];
        product("T", f.vectors(), m, "N", g, half, n);
        product("N", half, m, "N", c.vectors(), g, n);
        for (int j = 0; j < n; j++) {
            double curvature = Math.max(0, c.values()[j]);
            for (int i = 0; i < m; i++) {
                g[j * m + i] /= curvature * Math.max(0, f.values()[i]) + damping;
            }
        }
        product("N", f.vectors(), m, "N", g, half, n);
        product("N", half, m, "T", c.vectors(), g, n);
    }

    /** out [m, n] = left right; left [m, k], right [k, n] or, with a T, their transposes. */
    private static void product(
            String flipLeft, double[] left, int m, String flipRight, double[] right, double[] out, int n) {
        int k = left.length / m;
        boolean across = "T".equals(flipRight);
        IntStream.range(0, (n + BLOCK - 1) / BLOCK).parallel().forEach(block -> {
            int from = block * BLOCK;
            int count = Math.min(BLOCK, n - from);
            JavaBLAS.getInstance()
                    .dgemm(
                            flipLeft,
                            flipRight,
                            m,
                            count,
                            k,
                            1,
                            left,
                            0,
                            "T".equals(flipLeft) ? k : m,
                            right,
                            across ? from : from * k,
                            across ? n : k,
                            0,
                            out,
                            from * m,
                            m);
        });
    }
}
