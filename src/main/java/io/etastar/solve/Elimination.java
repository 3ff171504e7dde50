package io.etastar.solve;

import java.util.function.DoublePredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The subsets with D_s = 0, on which H must be positive definite, eliminated by their Schur complement; what is left is in the
 * coordinates y = D eta.
 */
final class Elimination {
    private final CubicProblem problem;
    private final int[] free;
    private final int[] kept;
    private final Cholesky factor;
    private final double[][] h;
    private final double[] g;

    /**
     * The elimination; null if H is not positive definite on the eliminated subsets: then there is no solution.
     *
     * @param problem with at least one D_s that is not 0
     */
    static @Nullable Elimination of(CubicProblem problem) {
        int[] free = subsets(problem, d -> d == 0);
        Cholesky factor = Cholesky.of(Vectors.take(problem.h(), free, free));
        return factor == null ? null : new Elimination(problem, free, factor);
    }

    private static int[] subsets(CubicProblem problem, DoublePredicate taken) {
        return IntStream.range(0, problem.size())
                .filter(s -> taken.test(problem.d()[s]))
                .toArray();
    }

    private Elimination(CubicProblem problem, int[] free, Cholesky factor) {
        this.problem = problem;
        this.free = free;
        this.factor = factor;
        kept = subsets(problem, d -> d > 0);
        h = Vectors.take(problem.h(), kept, kept);
        g = Vectors.take(problem.g(), kept);
        reduce();
    }

    private void reduce() {
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
    SpectralRoot.@Nullable Root spectralRoot() {
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
