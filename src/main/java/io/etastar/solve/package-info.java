/**
 * Learning rates from a derivative summary. Pure Java.
 *
 * <p>Notation: g [S], H [S][S] and order3 [S] are the summary's derivatives; D = diag(|order3|^(1/3)); lambda is {@code
 * dampingInt}. eta* is the solution of {@code eta = (H + lambda/2 r D^2)^-1 g}, r = |D eta|, whose matrix M(r) = H +
 * lambda/2 r D^2 is positive definite (semi-definite in the hard case): the one with the largest r, and the global
 * minimiser of -g'eta + eta'H eta/2 + lambda/6 |D eta|^3.
 *
 * <p>How: in y = D eta one symmetric eigendecomposition diagonalises M for every r, and |y(r)| = r becomes one scalar
 * equation ({@link io.etastar.solve.SpectralRoot}); Newton's method on the system itself then removes the rounding of the
 * decomposition ({@code CubicProblem.refine}). If D spans so many orders of magnitude that the decomposition
 * says nothing about the smaller part, the same scalar equation is solved through Cholesky factors of M(r) ({@link
 * io.etastar.solve.CholeskyRoot}). Every threshold is relative: rescaling subset s by c (g_s c, H_st c_s c_t, order3_s c^3)
 * gives eta_s / c.
 *
 * <p>A subset whose g, row of H and order3 are exactly 0 (a layer whose units are all off, a direction of zeros) would leave M
 * singular for every r. It is left out, its eta is 0: no step is what a zero direction means.
 *
 * <p>Sources: P. Wolinski, arXiv 2312.03885, for the system; C. Cartis, N. Gould, P. Toint, "Adaptive cubic regularisation
 * methods", Math. Programming 127 (2011), section 6.1, for Newton's method on 1/|y| - 1/r and the hard case.
 */
@NullMarked
package io.etastar.solve;

import org.jspecify.annotations.NullMarked;
