package io.etastar.solve;

import org.jspecify.annotations.Nullable;

/**
 * The system M(|D eta|) eta = g with M(r) = H + half r D^2.
 *
 * @param g [S]
 * @param h [S][S], exactly symmetric
 * @param d diagonal of D [S], not negative
 * @param half lambda / 2, positive
 */
record CubicProblem(double[] g, double[][] h, double[] d, double half) {
    private static final int MOST_STEPS = 30;
    private static final double BACKWARD_ERROR = 1e-11;
    private static final double SLACK = 1e-8;

    int size() {
        return g.length;
    }

    /** M(r); new rows. */
    double[][] matrix(double r) {
        double[][] m = new double[size()][];
        for (int s = 0; s < m.length; s++) {
            m[s] = h[s].clone();
            m[s][s] += half * r * d[s] * d[s];
        }
        return m;
    }

    /** |D eta|. */
    double norm(double[] eta) {
        double[] y = new double[eta.length];
        for (int s = 0; s < y.length; s++) {
            y[s] = d[s] * eta[s];
        }
        return Vectors.norm(y);
    }

    /** g - M(|D eta|) eta. */
    double[] residual(double[] eta) {
        double weight = half * norm(eta);
        double[] residual = new double[size()];
        for (int s = 0; s < residual.length; s++) {
            residual[s] = g[s] - Vectors.dot(h[s], eta) - weight * d[s] * d[s] * eta[s];
        }
        return residual;
    }

    /** The largest ratio of a residual to the sum of absolute terms that it is the sum of: its componentwise backward error. */
    double backwardError(double[] eta) {
        double weight = half * norm(eta);
        double[] residual = residual(eta);
        double worst = 0;
        for (int s = 0; s < residual.length; s++) {
            double terms = Math.abs(g[s]) + weight * d[s] * d[s] * Math.abs(eta[s]);
            for (int t = 0; t < eta.length; t++) {
                terms += Math.abs(h[s][t] * eta[t]);
            }
            double ratio = residual[s] == 0 ? 0 : Math.abs(residual[s]) / terms;
            worst = ratio <= worst ? worst : ratio;
        }
        return worst;
    }

    /** Derivative of M(|D eta|) eta in eta: M + half D^2 eta eta' D^2 / |D eta|; positive definite near the solution. */
    double[][] jacobian(double[] eta) {
        double r = norm(eta);
        double[][] j = matrix(r);
        for (int s = 0; s < j.length; s++) {
            for (int t = 0; t < j.length; t++) {
                j[s][t] += half * (d[s] * d[s] * eta[s]) * (d[t] * d[t] * eta[t]) / r;
            }
        }
        return j;
    }

    /**
     * The solution near an estimate, by Newton's method on M(|D eta|) eta = g, which removes the rounding errors that made it inexact.
     *
     * @param estimate [S]; left as it is
     * @return null if there is none that solves the system to rounding with M(r) positive semi-definite
     */
    double @Nullable [] refine(double[] estimate) {
        double[] best = estimate;
        double error = backwardError(best);
        for (int i = 0; i < MOST_STEPS && norm(best) > 0; i++) {
            double[] next = step(best);
            if (next == null) {
                break;
            }
            double nextError = backwardError(next);
            if (!(nextError < error)) {
                break;
            }
            best = next;
            error = nextError;
        }
        return error <= BACKWARD_ERROR && isMinimum(best) ? best : null;
    }

    private double @Nullable [] step(double[] eta) {
        Cholesky jacobian = Cholesky.of(jacobian(eta));
        if (jacobian == null) {
            return null;
        }
        double[] next = jacobian.solve(residual(eta));
        for (int s = 0; s < next.length; s++) {
            next[s] += eta[s];
        }
        return Vectors.finite(next) ? next : null;
    }

    /** Semi-definite to within SLACK of r: in the hard case M(r) itself is singular. */
    private boolean isMinimum(double[] eta) {
        return Vectors.finite(eta) && Cholesky.of(matrix(norm(eta) * (1 + SLACK))) != null;
    }
}
