package io.etastar.solve;

import org.jspecify.annotations.Nullable;

/**
 * What the solver found.
 *
 * @param eta learning rates [S], owned by the caller; null if there is no solution
 * @param r |D eta|; NaN if there is no solution
 * @param solverCase which case applied
 */
public record EtaSolution(double @Nullable [] eta, double r, SolverCase solverCase) {
    static EtaSolution none(SolverCase solverCase) {
        return new EtaSolution(null, Double.NaN, solverCase);
    }

    /** Whether there is an eta. */
    public boolean found() {
        return eta != null;
    }
}
