package io.etastar.audit;

import java.util.Arrays;

/**
 * Quartiles of a few numbers, by linear interpolation between those next to them.
 *
 * @param low first quartile
 * @param middle median
 * @param high third quartile
 */
public record Quartiles(double low, double middle, double high) {
    /** Of numbers, at least one; infinite ones may be among them. */
    static Quartiles of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Quartiles(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75));
    }

    private static double at(double[] sorted, double part) {
        double place = part * (sorted.length - 1);
        int below = (int) place;
        double rest = place - below;
        if (rest == 0 || sorted[below] == sorted[below + 1]) {
            return sorted[below];
        }
        return sorted[below] + rest * (sorted[below + 1] - sorted[below]);
    }
}
