package io.etastar.solve;

/** The minimum of a model of the loss along a line: -g e + h e^2 / 2 + k e^3 / 6 for e from 0 on. */
public final class StepLength {
    private StepLength() {}

    /**
     * The positive root of h e + k e^2 / 2 = g; 0 if g is not positive, or if neither h nor k bounds the step.
     *
     * @param g slope down the line
     * @param h curvature along it
     * @param k bound of the third order, at least 0
     */
    public static double of(double g, double h, double k) {
        if (!(g > 0)) {
            return 0;
        }
        double discriminant = Math.sqrt(h * h + 2 * k * g);
        if (h > 0) {
            return 2 * g / (h + discriminant);
        }
        return k > 0 ? (discriminant - h) / k : 0;
    }
}
