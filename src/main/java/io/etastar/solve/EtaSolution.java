package io.etastar.solve;

import java.util.Locale;
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

    /** What kind of problem the solver met. */
    public enum SolverCase {
        /** The cubic-regularised system has a root where M(r) is positive definite. */
        CUBIC,
        /** No cubic term (D = 0 or lambda = 0) and H positive definite: Newton's step; zero if no subset takes part. */
        NEWTON,
        /** The linear system (H + ridge I) eta = g, of any signature. */
        LINEAR,
        /** g is orthogonal to the lowest eigenvectors (to rounding): a multiple of one of them makes |D eta| = r. */
        HARD_CASE,
        /** M(r) is positive definite for no r, or its root cannot be told from rounding. */
        NO_SOLUTION,
        /** g, H, order3 or lambda hold a NaN or an infinity. */
        NON_FINITE;

        /** Name in metrics files: {@code cubic}, {@code hard-case}, ... */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
