/**
 * Arrays and kernels: the one place that talks to ND4J's op executioner.
 *
 * <p>The engine ({@code taylor}) sees only {@link io.etastar.tensor.Tensor}, {@link io.etastar.tensor.Kernels} and
 * {@link io.etastar.tensor.Kernel}; everything that travels (RDDs, broadcasts, files) is a
 * {@link io.etastar.tensor.RawArray}. Nothing of ND4J leaves this package.
 */
package io.etastar.tensor;
