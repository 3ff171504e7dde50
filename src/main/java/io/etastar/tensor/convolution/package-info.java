/**
 * Convolutions in single precision by vectors: Winograd's algorithm and small kernels. It may use {@code tensor} and
 * {@code tensor.loop}.
 */
package io.etastar.tensor.convolution;
