package io.etastar.tensor;

/** The contract on ND4J in single precision. */
class Nd4jFloatKernelsTest extends KernelsContract {
    @Override
    Kernels create() {
        return new Nd4jKernels(DType.FLOAT);
    }
}
