/**
 * Curvature for diagnosis. Pure Java, on the driver: needs neither Spark nor the engine.
 *
 * <p>{@link io.etastar.curvature.Interactions} reads the S x S matrix H of a derivative summary: spectrum, inverse, blocks of
 * weights and biases, and interactions normalised like correlations. {@link io.etastar.curvature.Lanczos} finds the outermost
 * eigenvalues of the full P x P Hessian from its products with vectors.
 */
@NullMarked
package io.etastar.curvature;

import org.jspecify.annotations.NullMarked;
