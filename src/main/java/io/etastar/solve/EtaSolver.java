package io.etastar.solve;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.netlib.util.intW;

/** Learning rates eta* from the derivatives of a summary; see the package's notation. Stateless. */
public final class EtaSolver {
    private EtaSolver() {}

    /**
     * Solves eta = (H + lambda/2 |D eta| D^2)^-1 g for the solution of largest |D eta|.
     *
     * <p>A subset whose g, row of H and order3 are all exactly 0 does not take part (its direction is zero, or the loss does
     * not depend on it): the others are solved without it and its eta is 0.
     *
     * <p>Numbers are those of a mean loss: a sum over n samples regularises differently. Without a cubic term (D or lambda 0)
     * it is Newton's step. No numbers make it throw: what has no solution is reported as such.
     *
     * @param g first derivatives [S]; left as it is
     * @param h second derivatives [S][S]; its symmetric part is used; left as it is
     * @param order3 diagonal third derivatives [S]; left as it is
     * @param dampingInt lambda, from 0
     * @throws IllegalArgumentException if sizes differ or lambda is negative
     */
    public static EtaSolution solve(double[] g, double[][] h, double[] order3, double dampingInt) {
        check(g, h, order3, dampingInt);
        double[][] symmetric = symmetricPart(h);
        if (!Double.isFinite(dampingInt) || !finite(g, symmetric, order3)) {
            return EtaSolution.none(EtaSolution.SolverCase.NON_FINITE);
        }
        int[] live = live(g, symmetric, order3);
        EtaSolution solution = regular(
                Vectors.take(g, live),
                Vectors.take(symmetric, live, live),
                Vectors.take(order3, live),
                0.5 * dampingInt);
        return live.length == g.length || !solution.found() ? solution : spread(solution, live, g.length);
    }

    /**
     * Solves (H + ridge I) eta = g, whatever the signature of H + ridge I: if it is not positive definite, eta leads to a
     * saddle of the second-order model. Subsets without derivatives take no part, as above, and their eta is 0.
     *
     * @param g first derivatives [S]; left as it is
     * @param h second derivatives [S][S]; its symmetric part is used; left as it is
     * @param order3 diagonal third derivatives [S], for r alone; left as it is
     * @param ridge added to the diagonal, from 0
     * @throws IllegalArgumentException if sizes differ or ridge is negative
     */
    public static EtaSolution solveLinear(double[] g, double[][] h, double[] order3, double ridge) {
        check(g, h, order3, ridge);
        double[] added = new double[g.length];
        Arrays.fill(added, ridge);
        return linear(g, h, order3, added);
    }

    /**
     * Solves (H + ridge diag(|order3|^(2/3))) eta = g like {@link #solveLinear}. The added entries scale with a subset's direction as H
     * does: a rescaled direction gives the same step.
     *
     * @param g first derivatives [S]; left as it is
     * @param h second derivatives [S][S]; its symmetric part is used; left as it is
     * @param order3 diagonal third derivatives [S]; left as it is
     * @param ridge factor, from 0
     * @throws IllegalArgumentException if sizes differ or ridge is negative
     */
    public static EtaSolution solveAnisotropic(double[] g, double[][] h, double[] order3, double ridge) {
        check(g, h, order3, ridge);
        double[] added = new double[g.length];
        Arrays.setAll(added, s -> ridge * Math.pow(Math.cbrt(Math.abs(order3[s])), 2));
        return linear(g, h, order3, added);
    }

    private static EtaSolution linear(double[] g, double[][] h, double[] order3, double[] added) {
        double[][] symmetric = symmetricPart(h);
        if (!Vectors.finite(added) || !finite(g, symmetric, order3)) {
            return EtaSolution.none(EtaSolution.SolverCase.NON_FINITE);
        }
        int[] live = live(g, symmetric, order3);
        for (int s : live) {
            symmetric[s][s] += added[s];
        }
        double[] d = new double[live.length];
        Arrays.setAll(d, i -> Math.cbrt(Math.abs(order3[live[i]])));
        CubicProblem problem = new CubicProblem(Vectors.take(g, live), Vectors.take(symmetric, live, live), d, 0);
        EtaSolution solution = found(problem, LinearSolve.of(problem.h(), problem.g()), EtaSolution.SolverCase.LINEAR);
        return live.length == g.length || !solution.found() ? solution : spread(solution, live, g.length);
    }

    private static EtaSolution regular(double[] g, double[][] h, double[] order3, double half) {
        double[] d = new double[g.length];
        boolean cubic = false;
        for (int s = 0; s < d.length; s++) {
            d[s] = Math.cbrt(Math.abs(order3[s]));
            cubic |= d[s] > 0 && half > 0;
        }
        CubicProblem problem = new CubicProblem(g, h, d, half);
        return cubic ? cubic(problem) : newton(problem);
    }

    /** The subsets that the loss depends on along their direction, as far as its derivatives say. */
    private static int[] live(double[] g, double[][] h, double[] order3) {
        return IntStream.range(0, g.length)
                .filter(s -> g[s] != 0 || order3[s] != 0 || Arrays.stream(h[s]).anyMatch(value -> value != 0))
                .toArray();
    }

    private static EtaSolution spread(EtaSolution solution, int[] live, int size) {
        double[] solved = Objects.requireNonNull(solution.eta());
        double[] eta = new double[size];
        for (int i = 0; i < live.length; i++) {
            eta[live[i]] = solved[i];
        }
        return new EtaSolution(eta, solution.r(), solution.solverCase());
    }

    private static EtaSolution newton(CubicProblem problem) {
        Cholesky factor = Cholesky.of(problem.h());
        if (factor == null) {
            return EtaSolution.none(EtaSolution.SolverCase.NO_SOLUTION);
        }
        double[] eta = factor.solve(problem.g());
        return found(problem, eta, EtaSolution.SolverCase.NEWTON);
    }

    private static EtaSolution cubic(CubicProblem problem) {
        Elimination elimination = Elimination.of(problem);
        if (elimination == null) {
            return EtaSolution.none(EtaSolution.SolverCase.NO_SOLUTION);
        }
        SpectralRoot.Root root = elimination.spectralRoot();
        if (root != null) {
            double[] eta = problem.refine(elimination.expand(root.y()));
            if (eta != null) {
                return found(
                        problem, eta, root.hard() ? EtaSolution.SolverCase.HARD_CASE : EtaSolution.SolverCase.CUBIC);
            }
        }
        double[] estimate = CholeskyRoot.of(problem);
        return found(problem, estimate == null ? null : problem.refine(estimate), EtaSolution.SolverCase.CUBIC);
    }

    private static EtaSolution found(CubicProblem problem, double @Nullable [] eta, EtaSolution.SolverCase solverCase) {
        if (eta == null || !Vectors.finite(eta) || !Double.isFinite(problem.norm(eta))) {
            return EtaSolution.none(EtaSolution.SolverCase.NO_SOLUTION);
        }
        return new EtaSolution(eta, problem.norm(eta), solverCase);
    }

    private static void check(double[] g, double[][] h, double[] order3, double dampingInt) {
        boolean square = h.length == g.length && order3.length == g.length;
        for (double[] row : h) {
            square &= row.length == g.length;
        }
        if (!square) {
            throw new IllegalArgumentException("g [" + g.length + "], H [" + h.length + "][], order3 [" + order3.length
                    + "]: sizes differ, or H is not square");
        }
        if (dampingInt < 0) {
            throw new IllegalArgumentException("lambda " + dampingInt + " is negative");
        }
    }

    private static double[][] symmetricPart(double[][] h) {
        double[][] symmetric = new double[h.length][h.length];
        for (int s = 0; s < h.length; s++) {
            for (int t = 0; t < h.length; t++) {
                symmetric[s][t] = 0.5 * h[s][t] + 0.5 * h[t][s];
            }
        }
        return symmetric;
    }

    private static boolean finite(double[] g, double[][] h, double[] order3) {
        boolean finite = Vectors.finite(g) && Vectors.finite(order3);
        for (double[] row : h) {
            finite &= Vectors.finite(row);
        }
        return finite;
    }

    /** Solution of H x = g for a symmetric H of any signature, by elimination with pivots. */
    static final class LinearSolve {
        private LinearSolve() {}

        /**
         * x, new; null if H is singular to rounding. Rows and columns are scaled to entries of at most 1 first, so that units do
         * not matter.
         */
        static double @Nullable [] of(double[][] h, double[] g) {
            int n = g.length;
            double[] scale = new double[n];
            for (int s = 0; s < n; s++) {
                scale[s] =
                        1 / Math.sqrt(Arrays.stream(h[s]).map(Math::abs).max().orElse(1));
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
}
