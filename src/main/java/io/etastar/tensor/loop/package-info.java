/**
 * Kernels as Java loops over the host's native memory, and the base of backends on the CPU. It may use {@code tensor}.
 */
package io.etastar.tensor.loop;
