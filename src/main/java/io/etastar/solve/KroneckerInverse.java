package io.etastar.solve;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;

/**
 * Solutions of (S (x) A + damping I) vec U = vec G, from the eigenvectors Q and eigenvalues of the two symmetric factors:
 *
 * <pre>
 * U = Q_S ((Q_S' G Q_A)[o, i] / (s_o a_i + damping)) Q_A'
 * </pre>
 *
 * <p>Eigenvalues below 0, which are rounding, count as 0.
 *
 * @param a of A [inputs, inputs]
 * @param s of S [outputs, outputs]
 */
public record KroneckerInverse(EigenBasis a, EigenBasis s) {
    /**
     * Solves for one right-hand side.
     *
     * @param damping positive
     * @param g G [outputs, inputs], row by row; overwritten with U
     */
    public void solve(double damping, double[] g) {
        int inputs = a.values().length;
        int outputs = s.values().length;
        double[] half = new double[g.length];
        product("T", "N", inputs, outputs, inputs, a.vectors(), g, half);
        product("N", "N", inputs, outputs, outputs, half, s.vectors(), g);
        for (int o = 0; o < outputs; o++) {
            double curvature = Math.max(0, s.values()[o]);
            for (int i = 0; i < inputs; i++) {
                g[o * inputs + i] /= curvature * Math.max(0, a.values()[i]) + damping;
            }
        }
        product("N", "N", inputs, outputs, inputs, a.vectors(), g, half);
        product("N", "T", inputs, outputs, outputs, half, s.vectors(), g);
    }

    /** out [m, n] = left right, with columns one after another. */
    private static void product(
            String flipLeft, String flipRight, int m, int n, int k, double[] left, double[] right, double[] out) {
        BLAS blas = JavaBLAS.getInstance();
        int rightRows = "T".equals(flipRight) ? n : k;
        blas.dgemm(flipLeft, flipRight, m, n, k, 1, left, "T".equals(flipLeft) ? k : m, right, rightRows, 0, out, m);
    }
}
