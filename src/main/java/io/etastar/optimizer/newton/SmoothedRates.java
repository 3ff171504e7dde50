package io.etastar.optimizer.newton;

import io.etastar.settings.NewtonSettings;
import io.etastar.solve.EtaSolution;
import java.util.Arrays;

/**
 * From the solutions of successive summaries to the learning rates in use: curr = rho curr + (1 - rho) eta, rho taken as 0
 * at the very first step and curr as 0 if there is none; in use is damping curr, or damping max(0, curr). A summary
 * without a solution counts as eta = 0, or as eta = curr if the previous rates are kept. If rates are not maintained,
 * max(0, eta) takes the place of eta.
 */
final class SmoothedRates {
    private final double damping;
    private final double rho;
    private final boolean removeNegative;
    private final boolean maintain;
    private final boolean keepPrevious;
    private double[] current;

    SmoothedRates(NewtonSettings settings) {
        damping = settings.smoothing().damping();
        rho = settings.smoothing().momLrs();
        removeNegative = settings.smoothing().removeNegative();
        maintain = settings.smoothing().maintain();
        keepPrevious = settings.keepsRatesOnFailure();
    }

    /** @param first whether this is the run's first step */
    void accept(EtaSolution solution, int size, boolean first) {
        double share = first ? 0 : rho;
        double[] before = current == null ? new double[size] : current;
        double[] eta = solution.found() ? solution.eta() : keepPrevious ? before : new double[size];
        eta = maintain || !removeNegative ? eta : clipped(eta);
        double[] next = new double[size];
        for (int s = 0; s < size; s++) {
            next[s] = share * before[s] + (1 - share) * eta[s];
        }
        current = next;
    }

    private static double[] clipped(double[] rates) {
        return Arrays.stream(rates).map(rate -> Math.max(0, rate)).toArray();
    }

    /** The rates in use [S], new; zeros before the first solution. */
    double[] inUse(int size, double factor) {
        double[] rates = undamped(size);
        for (int s = 0; s < size; s++) {
            rates[s] *= damping * factor;
        }
        return rates;
    }

    /** The smoothed rates, clipped if negative ones are removed [S], new; zeros before the first solution. */
    double[] undamped(int size) {
        return current == null ? new double[size] : removeNegative ? clipped(current) : current.clone();
    }

    /** Shortens the smoothed rates. */
    void shorten(double share) {
        for (int s = 0; share < 1 && current != null && s < current.length; s++) {
            current[s] *= share;
        }
    }

    /** Whether there are rates. */
    boolean known() {
        return current != null;
    }

    /** The smoothed rates, not damped; a copy, null before the first. */
    double[] current() {
        return current == null ? null : current.clone();
    }

    void restore(double[] smoothed) {
        current = smoothed;
    }
}
