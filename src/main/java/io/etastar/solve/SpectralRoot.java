package io.etastar.solve;

import org.jspecify.annotations.Nullable;

/**
 * The root of |y(r)| = r for a non-singular D, through the eigenvalues kappa_i and eigenvectors of A = D^-1 H D^-1.
 *
 * <p>With beta = V'b, b = D^-1 g: y_i = beta_i / (kappa_i + half r) in the eigenvectors' coordinates. The unknown is delta
 * = r - r0 >= 0, r0 = max(0, -kappa_min / half), so that the denominators gap_i + half delta, gap_i = kappa_i + half r0 >=
 * 0, suffer no cancellation next to the lowest eigenvalue. 1/|y| - 1/r is concave and rises in r: Newton's method from the
 * left climbs to the root without ever passing it. The left bound is the largest root that one term of |y|^2 alone would
 * have.
 *
 * <p>In the hard case |y| stays below r0 and a multiple of the lowest eigenvector fills it up.
 */
final class SpectralRoot {
    private static final int MOST_ITERATIONS = 200;
    private static final double HARD = 1e-13;

    private final Eigen eigen;
    private final double half;
    private final double[] beta;
    private final double[] gap;
    private final double r0;

    private SpectralRoot(Eigen eigen, double[] b, double half) {
        this.eigen = eigen;
        this.half = half;
        int n = b.length;
        beta = new double[n];
        gap = new double[n];
        double lowest = eigen.values()[0];
        r0 = Math.max(0, -lowest / half);
        for (int i = 0; i < n; i++) {
            beta[i] = Vectors.dot(eigen.vectors()[i], b);
            gap[i] = lowest < 0 ? eigen.values()[i] - lowest : eigen.values()[i];
        }
    }

    /**
     * y at the root.
     *
     * @param y solution [n]
     * @param hard whether the lowest eigenvector had to be added, or r cannot be told from r0
     */
    record Root(double[] y, boolean hard) {}

    /** The root for A [n][n] and b [n], n from 1; null if the eigendecomposition fails. */
    static @Nullable Root of(double[][] a, double[] b, double half) {
        Eigen eigen = Eigen.of(a);
        return eigen == null ? null : new SpectralRoot(eigen, b, half).root();
    }

    private Root root() {
        double delta = leftBound();
        if (delta > 0 || norm(coefficients(0)) > r0) {
            delta = climb(delta);
            return new Root(combine(coefficients(delta)), delta <= HARD * r0);
        }
        double[] coefficients = coefficients(0);
        double norm = norm(coefficients);
        coefficients[0] = Math.sqrt(Math.max(0, (r0 - norm) * (r0 + norm)));
        return new Root(combine(coefficients), r0 > 0);
    }

    /** Largest delta with |beta_i| / (gap_i + half delta) = r0 + delta for one i; 0 if there is none. */
    private double leftBound() {
        double bound = 0;
        for (int i = 0; i < beta.length; i++) {
            double excess = Math.abs(beta[i]) - gap[i] * r0;
            if (excess > 0) {
                double slope = gap[i] + half * r0;
                bound = Math.max(bound, 2 * excess / (slope + Math.sqrt(slope * slope + 4 * half * excess)));
            }
        }
        return bound;
    }

    private double climb(double from) {
        double delta = from;
        for (int i = 0; i < MOST_ITERATIONS; i++) {
            double[] y = coefficients(delta);
            double norm = norm(y);
            double r = r0 + delta;
            double quadratic = 0;
            for (int k = 0; k < y.length; k++) {
                quadratic += y[k] == 0 ? 0 : y[k] / norm * (y[k] / norm) / (gap[k] + half * delta);
            }
            // f = 1/norm - 1/r; both it and its derivative are multiplied by norm.
            double step = (norm / r - 1) / (half * quadratic + norm / r / r);
            if (!(step > Math.ulp(delta))) {
                break;
            }
            delta += step;
        }
        return delta;
    }

    private double[] coefficients(double delta) {
        double[] y = new double[beta.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = beta[i] == 0 ? 0 : beta[i] / (gap[i] + half * delta);
        }
        return y;
    }

    private static double norm(double[] y) {
        return Vectors.norm(y);
    }

    private double[] combine(double[] coefficients) {
        double[] y = new double[coefficients.length];
        for (int i = 0; i < y.length; i++) {
            for (int s = 0; s < y.length; s++) {
                y[s] += coefficients[i] * eigen.vectors()[i][s];
            }
        }
        return y;
    }
}
