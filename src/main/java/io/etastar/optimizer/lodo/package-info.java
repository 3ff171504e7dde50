/**
 * What {@code lodo} learns (arXiv 2210.06171): matrices in place of the inverse Hessian that are products of sparse layers,
 * diagonal or one number, and the rule that learns them.
 *
 * <p>Notation: P the number of parameters, G(phi) [P, P] the matrix, phi what is learned, m the momentum, g the gradient.
 */
package io.etastar.optimizer.lodo;
