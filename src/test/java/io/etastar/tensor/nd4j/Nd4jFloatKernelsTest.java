package io.etastar.tensor.nd4j;

import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.KernelsContract;

/** The contract on ND4J in single precision. */
class Nd4jFloatKernelsTest extends KernelsContract {
    @Override
    protected Kernels create() {
        return Backend.installed().kernels(DType.FLOAT);
    }
}
