package io.etastar.solve;

import org.jspecify.annotations.Nullable;

/** Newton's method on M(|D eta|) eta = g from an estimate: removes the rounding errors that made it inexact. */
final class Refinement {
    private static final int MOST_STEPS = 30;
    private static final double BACKWARD_ERROR = 1e-11;
    private static final double SLACK = 1e-8;

    private Refinement() {}

    /**
     * The solution near {@code estimate}.
     *
     * @param estimate [S]; left as it is
     * @return null if there is none that solves the system to rounding with M(r) positive semi-definite
     */
    static double @Nullable [] of(CubicProblem problem, double[] estimate) {
        double[] best = estimate;
        double error = problem.backwardError(best);
        for (int i = 0; i < MOST_STEPS && problem.norm(best) > 0; i++) {
            double[] next = step(problem, best);
            if (next == null) {
                break;
            }
            double nextError = problem.backwardError(next);
            if (!(nextError < error)) {
                break;
            }
            best = next;
            error = nextError;
        }
        return error <= BACKWARD_ERROR && isMinimum(problem, best) ? best : null;
    }

    private static double @Nullable [] step(CubicProblem problem, double[] eta) {
        Cholesky jacobian = Cholesky.of(problem.jacobian(eta));
        if (jacobian == null) {
            return null;
        }
        double[] next = jacobian.solve(problem.residual(eta));
        for (int s = 0; s < next.length; s++) {
            next[s] += eta[s];
        }
        return Vectors.finite(next) ? next : null;
    }

    /** Semi-definite to within SLACK of r: in the hard case M(r) itself is singular. */
    private static boolean isMinimum(CubicProblem problem, double[] eta) {
        return Vectors.finite(eta) && Cholesky.of(problem.matrix(problem.norm(eta) * (1 + SLACK))) != null;
    }
}
