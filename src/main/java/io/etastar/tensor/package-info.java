/**
 * Arrays and the face of a backend: what the engine sees of the library that computes.
 *
 * <p>A {@link io.etastar.tensor.Backend} makes {@link io.etastar.tensor.Kernels}, which make {@link io.etastar.tensor.Tensor}s
 * and {@link io.etastar.tensor.Kernel}s. Everything that travels (RDDs, broadcasts, files) is a
 * {@link io.etastar.tensor.RawArray}. The package uses neither a native library nor its own sub-packages.
 */
@NullMarked
package io.etastar.tensor;

import org.jspecify.annotations.NullMarked;
