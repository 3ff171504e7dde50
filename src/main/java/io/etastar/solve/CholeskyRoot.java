package io.etastar.solve;

import org.jspecify.annotations.Nullable;

/**
 * The root of |D eta(r)| = r by Cholesky factors of M(r): slower than {@link SpectralRoot}, but indifferent to the scale of
 * D. Newton's method on 1/|D eta| - 1/r inside a bracket; if M(r) is not positive definite, r is too small.
 */
final class CholeskyRoot {
    private static final int MOST_ITERATIONS = 1000;
    private static final double GROWTH = 8;
    private static final double CLOSE = 1e-9;

    private final CubicProblem problem;
    private double low;
    private double high = Double.POSITIVE_INFINITY;

    private CholeskyRoot(CubicProblem problem) {
        this.problem = problem;
    }

    /** eta [S] close to the root, or null if none is found. */
    static double @Nullable [] of(CubicProblem problem) {
        return new CholeskyRoot(problem).root();
    }

    private double @Nullable [] root() {
        double r = guess();
        double[] eta = null;
        for (int i = 0; i < MOST_ITERATIONS && Double.isFinite(r) && r > 0; i++) {
            Cholesky factor = Cholesky.of(problem.matrix(r));
            double step = Double.NaN;
            if (factor == null) {
                low = r;
            } else {
                eta = factor.solve(problem.g());
                double norm = problem.norm(eta);
                step = step(factor, eta, norm, r);
                if (norm > r) {
                    low = r;
                } else {
                    high = r;
                }
            }
            if (Math.abs(step) <= CLOSE * r || high - low <= 2 * Math.ulp(low)) {
                return eta;
            }
            r = next(r + step);
        }
        return null;
    }

    private double next(double newton) {
        if (newton > low && newton < high) {
            return newton;
        }
        if (high == Double.POSITIVE_INFINITY) {
            return low * GROWTH;
        }
        return low > 0 ? 0.5 * (low + high) : high / GROWTH;
    }

    /** A value near the largest root that a single subset would have. */
    private double guess() {
        double guess = 0;
        for (int s = 0; s < problem.size(); s++) {
            double d = problem.d()[s];
            if (d > 0) {
                guess = Math.max(guess, Math.sqrt(Math.abs(problem.g()[s]) / problem.half() / d));
                guess = Math.max(guess, -problem.h()[s][s] / problem.half() / d / d);
            }
        }
        return guess;
    }

    private double step(Cholesky factor, double[] eta, double norm, double r) {
        double[] image = new double[eta.length];
        for (int s = 0; s < eta.length; s++) {
            image[s] = problem.d()[s] * problem.d()[s] * (eta[s] / norm);
        }
        double quadratic = Vectors.dot(image, factor.solve(image));
        return (norm / r - 1) / (problem.half() * quadratic + norm / r / r);
    }
}
