package io.etastar.figure;

/**
 * A scale of numbers of both signs over several powers of ten: v -> sign(v) log(1 + |v| / t) / log(1 + 10^d), t = 10^-d times
 * the largest magnitude, so that the image is [-1, 1] and 0 stays 0. Linear below t, logarithmic above.
 *
 * @param largest largest magnitude, positive
 * @param decades d: powers of ten that are told apart
 */
record SignedLogarithm(double largest, int decades) {
    /** The scale of the finite entries of {@code matrix}. */
    static SignedLogarithm of(double[][] matrix, int decades) {
        double largest = 0;
        for (double[] row : matrix) {
            for (double value : row) {
                largest = Double.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
            }
        }
        return new SignedLogarithm(largest > 0 ? largest : 1, decades);
    }

    /** The place of {@code value} in [-1, 1]; NaN stays NaN. */
    double place(double value) {
        double steps = Math.pow(10, decades);
        return Math.signum(value) * Math.log1p(Math.abs(value) / largest * steps) / Math.log1p(steps);
    }

    /** The value at a place in [-1, 1]. */
    double value(double place) {
        double steps = Math.pow(10, decades);
        return Math.signum(place) * Math.expm1(Math.abs(place) * Math.log1p(steps)) / steps * largest;
    }
}
