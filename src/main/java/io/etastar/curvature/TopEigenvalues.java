package io.etastar.curvature;

/**
 * Outermost eigenvalues of a symmetric operator H.
 *
 * @param values found, at most as many as asked for, by falling magnitude
 * @param residuals |H x - value x| for each, x its unit eigenvector: a true eigenvalue is at least that close
 * @param iterations products with H that the search took; the residuals take one more for each value
 * @param converged whether all that were asked for were found, with residuals of at most ten times the tolerance in units of
 *     the largest value
 */
public record TopEigenvalues(double[] values, double[] residuals, int iterations, boolean converged) {}
