/**
 * A backend on NVIDIA GPUs: the driver, NVRTC and cuBLAS through JNA, and kernels in CUDA C, which stand in the resources of
 * this package.
 *
 * <p>{@link io.etastar.tensor.cuda.Cuda} opens the libraries, {@link io.etastar.tensor.cuda.CudaDevice} is one device. One
 * {@link io.etastar.tensor.cuda.CudaKernels} serves one program: its {@link io.etastar.tensor.cuda.CudaQueue} is a stream,
 * in which kernels only enqueue. The host waits when it reads.
 */
@NullMarked
package io.etastar.tensor.cuda;

import org.jspecify.annotations.NullMarked;
