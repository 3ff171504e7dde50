package io.etastar.tensor.cuda;

import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;
import io.etastar.tensor.Devices;
import io.etastar.tensor.Kernels;

/** The emulated GPU as the backend of a process whose class path names it first. */
public final class EmulatedBackend extends Backend {
    @Override
    public String name() {
        return "emulated";
    }

    @Override
    public Kernels kernels(DType type) {
        return new CudaKernels(Emulator.devices().get(0), type);
    }

    /** None that Spark would hand out. */
    @Override
    public Devices devices() {
        return Devices.NONE;
    }

    @Override
    public void useThreads(int perTask) {
        // A launch has the device for itself.
    }
}
