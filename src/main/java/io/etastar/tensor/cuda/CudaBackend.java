package io.etastar.tensor.cuda;

import io.etastar.UserError;
import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;
import io.etastar.tensor.Devices;
import io.etastar.tensor.Kernels;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** NVIDIA GPUs. A thread computes on the device that {@link Devices#use} gave to it, or on the first one. */
public final class CudaBackend extends Backend {
    /** NVRTC of CUDA 13 compiles for compute capability 7.5 and later; what comes after 12 has not been compiled for. */
    private static final Devices.Supported SUPPORTED = new Devices.Supported(75, 129, "CUDA's kernels");

    /** Fixed sizes, so that the rows of a micro-batch, and with them the bits, do not depend on what else a device does. */
    private static final Hints HINTS = new Hints(256L << 20, 4096);

    private static final ThreadLocal<Integer> DEVICE = ThreadLocal.withInitial(() -> 0);
    private static volatile @Nullable Path folder;

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public void librariesIn(Path folder) {
        CudaBackend.folder = folder;
    }

    @Override
    public Hints hints() {
        return HINTS;
    }

    @Override
    public boolean hasMemoryOfItsOwn() {
        return true;
    }

    @Override
    public long bytesOfKernels() {
        return CudaArena.WORKSPACE;
    }

    /**
     * The devices.
     *
     * @throws UserError if a library is not there, the driver does not start, or there is no device
     */
    private static List<CudaDevice> opened() {
        try {
            List<CudaDevice> devices = Cuda.open(folder).devices();
            if (devices.isEmpty()) {
                throw new UserError(
                        Cuda.SUBJECT, "a driver without a device", "at least one (CUDA_VISIBLE_DEVICES hides them)");
            }
            return devices;
        } catch (CudaException e) {
            throw new UserError(Cuda.SUBJECT, e.getMessage(), "a driver that starts and has a device");
        }
    }

    @Override
    public Kernels kernels(DType type) {
        return new CudaKernels(opened().get(DEVICE.get()), type);
    }

    @Override
    public Devices devices() {
        return new Seen(opened());
    }

    @Override
    public boolean freeCopies(int device) {
        return opened().get(device).cache().clear();
    }

    @Override
    public void freeCopies() {
        Cuda.freeCopies();
    }

    @Override
    public void useThreads(int perTask) {
        // A task's thread waits for its device.
    }

    private record Seen(List<CudaDevice> devices) implements Devices {
        @Override
        public int count() {
            return devices.size();
        }

        @Override
        public Capability capability(int device) {
            CudaDevice found = devices.get(device);
            return new Capability(found.name(), found.architecture() / 10, found.architecture() % 10);
        }

        @Override
        public long freeBytes(int device) {
            return devices.get(device).freeBytes();
        }

        @Override
        public Supported supported() {
            return SUPPORTED;
        }

        @Override
        public void use(int device) {
            DEVICE.set(device);
        }
    }
}
