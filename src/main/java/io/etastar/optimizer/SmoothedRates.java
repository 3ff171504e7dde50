package io.etastar.optimizer;

import io.etastar.solve.EtaSolution;

/**
 * From the solutions of successive summaries to the learning rates in use: curr = rho curr + (1 - rho) eta, rho taken as 0
 * at the first; in use is damping curr, or damping max(0, curr). A summary without a solution counts as eta = 0.
 */
final class SmoothedRates {
    private final double damping;
    private final double rho;
    private final boolean removeNegative;
    private double[] current;

    SmoothedRates(NewtonSettings settings) {
        damping = settings.damping();
        rho = settings.momLrs();
        removeNegative = settings.removeNegative();
    }

    void accept(EtaSolution solution, int size) {
        double[] eta = solution.found() ? solution.eta() : new double[size];
        if (current == null) {
            current = eta.clone();
            return;
        }
        for (int s = 0; s < size; s++) {
            current[s] = rho * current[s] + (1 - rho) * eta[s];
        }
    }

    /** The rates in use [S], new; zeros before the first summary. */
    double[] inUse(int size) {
        double[] rates = new double[size];
        for (int s = 0; s < size && current != null; s++) {
            rates[s] = damping * (removeNegative ? Math.max(0, current[s]) : current[s]);
        }
        return rates;
    }

    /** The smoothed rates, not clipped nor damped; a copy, null before the first summary. */
    double[] current() {
        return current == null ? null : current.clone();
    }

    void restore(double[] smoothed) {
        current = smoothed;
    }
}
