package io.etastar.tensor.cuda;

import java.nio.charset.StandardCharsets;

/** One device: its primary context, which all programs on it share, and the modules loaded there. */
public final class CudaDevice {
    private static final int NAME_BYTES = 256;
    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;
    private static final ThreadLocal<CudaDevice> CURRENT = new ThreadLocal<>();

    private final int device;
    private final int ordinal;
    private final String name;
    private final int architecture;
    private final Modules modules;
    private long context;

    CudaDevice(Cuda cuda, int ordinal) {
        this.ordinal = ordinal;
        int[] handle = new int[1];
        Cuda.check(LibCuda.cuDeviceGet(handle, ordinal), "cuDeviceGet", "device " + ordinal);
        device = handle[0];
        byte[] text = new byte[NAME_BYTES];
        Cuda.check(LibCuda.cuDeviceGetName(text, NAME_BYTES, device), "cuDeviceGetName", "device " + ordinal);
        name = new String(text, StandardCharsets.UTF_8).split("\0", 2)[0];
        architecture = 10 * attribute(CAPABILITY_MAJOR) + attribute(CAPABILITY_MINOR);
        modules = new Modules(this, new Compiler(cuda.compilerVersion(), architecture));
    }

    private int attribute(int attribute) {
        int[] value = new int[1];
        int code = LibCuda.cuDeviceGetAttribute(value, attribute, device);
        Cuda.check(code, "cuDeviceGetAttribute", "attribute " + attribute + " of device " + ordinal);
        return value[0];
    }

    /** Its number among those that the process sees. */
    public int ordinal() {
        return ordinal;
    }

    /** Its name, as the driver gives it. */
    public String name() {
        return name;
    }

    /** Ten times the compute capability, such as 90. */
    public int architecture() {
        return architecture;
    }

    /** Bytes of memory that nobody uses. */
    public long freeBytes() {
        makeCurrent();
        long[] free = new long[1];
        Cuda.check(LibCuda.cuMemGetInfo_v2(free, new long[1]), "cuMemGetInfo", "device " + ordinal);
        return free[0];
    }

    Modules modules() {
        return modules;
    }

    /** Makes the calling thread's next calls go to this device. */
    void makeCurrent() {
        if (CURRENT.get() != this) {
            Cuda.check(LibCuda.cuCtxSetCurrent(context()), "cuCtxSetCurrent", "device " + ordinal);
            CURRENT.set(this);
        }
    }

    private synchronized long context() {
        if (context == 0) {
            long[] handle = new long[1];
            int code = LibCuda.cuDevicePrimaryCtxRetain(handle, device);
            Cuda.check(code, "cuDevicePrimaryCtxRetain", "device " + ordinal + " (" + name + ")");
            context = handle[0];
        }
        return context;
    }
}
