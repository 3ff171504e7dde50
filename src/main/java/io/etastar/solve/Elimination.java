package io.etastar.solve;

import java.util.stream.IntStream;

/**
 * The subsets with D_s = 0, on which H must be positive definite, eliminated by their Schur complement; what is left is in the
 * coordinates y = D eta.
 */
final class Elimination {
    private final CubicProblem problem;
    private final int[] free;
    private final int[] kept;
    private final Cholesky factor;
    private double[][] h;
    private double[] g;

    /** @param problem with at least one D_s that is not 0 */
    Elimination(CubicProblem problem) {
        this.problem = problem;
        free = IntStream.range(0, problem.size())
                .filter(s -> problem.d()[s] == 0)
                .toArray();
        kept = IntStream.range(0, problem.size())
                .filter(s -> problem.d()[s] > 0)
                .toArray();
        factor = Cholesky.of(Vectors.take(problem.h(), free, free));
        if (factor != null) {
            reduce();
        }
    }

    /** Whether H is positive definite on the eliminated subsets; without it there is no solution. */
    boolean possible() {
        return factor != null;
    }

    private void reduce() {
        h = Vectors.take(problem.h(), kept, kept);
        g = Vectors.take(problem.g(), kept);
        double[][] coupling = Vectors.take(problem.h(), kept, free);
        double[] freeStep = factor.solve(Vectors.take(problem.g(), free));
        for (int i = 0; i < kept.length; i++) {
            double[] solved = factor.solve(coupling[i]);
            g[i] -= Vectors.dot(coupling[i], freeStep);
            for (int j = 0; j < kept.length; j++) {
                h[i][j] -= Vectors.dot(coupling[j], solved);
            }
        }
    }

    /** The estimate of the root by the eigendecomposition; null if that fails. */
    SpectralRoot.Root spectralRoot() {
        int n = kept.length;
        double[][] a = new double[n][n];
        double[] b = new double[n];
        for (int i = 0; i < n; i++) {
            double di = problem.d()[kept[i]];
            b[i] = g[i] / di;
            for (int j = 0; j < n; j++) {
                a[i][j] = 0.5 * (h[i][j] + h[j][i]) / di / problem.d()[kept[j]];
            }
            if (!Vectors.finite(a[i])) {
                return null;
            }
        }
        return Vectors.finite(b) ? SpectralRoot.of(a, b, problem.half()) : null;
    }

    /** eta [S] of all subsets from y of the ones kept. */
    double[] expand(double[] y) {
        double[] eta = new double[problem.size()];
        for (int i = 0; i < kept.length; i++) {
            eta[kept[i]] = y[i] / problem.d()[kept[i]];
        }
        double[] right = Vectors.take(problem.g(), free);
        for (int i = 0; i < free.length; i++) {
            right[i] -= Vectors.dot(problem.h()[free[i]], eta);
        }
        double[] rest = factor.solve(right);
        for (int i = 0; i < free.length; i++) {
            eta[free[i]] = rest[i];
        }
        return eta;
    }
}
