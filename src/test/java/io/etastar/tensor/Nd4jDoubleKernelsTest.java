package io.etastar.tensor;

/** The contract on ND4J in double precision. */
class Nd4jDoubleKernelsTest extends KernelsContract {
    @Override
    Kernels create() {
        return new Nd4jKernels(DType.DOUBLE);
    }
}
