package io.etastar.tensor.cuda;

import io.etastar.tensor.DType;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.KernelsContract;
import org.junit.jupiter.api.AfterEach;

/** The contract on an emulated GPU in single precision. */
class CudaFloatKernelsTest extends KernelsContract {
    @Override
    protected Kernels create() {
        return new CudaKernels(Emulator.devices().get(0), DType.FLOAT);
    }

    @AfterEach
    void nothingWasForgiven() {
        Emulator.assertNoViolations();
    }
}
