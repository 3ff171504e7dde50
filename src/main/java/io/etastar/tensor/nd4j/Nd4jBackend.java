package io.etastar.tensor.nd4j;

import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;
import io.etastar.tensor.Devices;
import io.etastar.tensor.Kernels;

/** The backend on ND4J's native library. */
public final class Nd4jBackend extends Backend {
    @Override
    public Kernels kernels(DType type) {
        return new Nd4jKernels(type);
    }

    @Override
    public Devices devices() {
        return Nd4jDevices.INSTANCE;
    }

    @Override
    public void useThreads(int perTask) {
        Nd4jThreads.perTask(perTask);
    }
}
