package io.etastar.optimizer.settings;

/**
 * What can be set on gen.
 *
 * @param kind exact, subsets or approximate: G d / d'H d of the whole direction, of each subset, or a parabola through losses
 * @param period steps between two estimates of the learning rate
 * @param smoothing share of the old learning rate kept at each estimate
 * @param points approximate: 3 or 5 losses along the direction
 * @param fit approximate: least R^2 of the parabola
 * @param lowest least learning rate
 * @param highest largest learning rate
 * @param fallback exact, subsets: learning rate if the curvature is not positive
 */
public record GenSettings(
        String kind,
        int period,
        double smoothing,
        int points,
        double fit,
        double lowest,
        double highest,
        double fallback) {
    /** The exact variant, every step, within [0, highest]. */
    public static GenSettings exact(double highest) {
        return new GenSettings("exact", 1, 0, 3, 0.99, 0, highest, 1e-3);
    }
}
