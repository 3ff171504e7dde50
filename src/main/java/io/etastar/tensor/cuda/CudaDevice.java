package io.etastar.tensor.cuda;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

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
    private final ArrayCache cache = new ArrayCache(this);
    private long context;
    /** What spoilt the context of this process. */
    private volatile @Nullable CudaException fault;

    CudaDevice(Cuda cuda, int ordinal) {
        this.ordinal = ordinal;
        int[] handle = new int[1];
        CudaLibrary.DRIVER.check(LibCuda.cuDeviceGet(handle, ordinal), "cuDeviceGet", "device " + ordinal);
        device = handle[0];
        byte[] text = new byte[NAME_BYTES];
        CudaLibrary.DRIVER.check(
                LibCuda.cuDeviceGetName(text, NAME_BYTES, device), "cuDeviceGetName", "device " + ordinal);
        name = new String(text, StandardCharsets.UTF_8).split("\0", 2)[0];
        architecture = 10 * attribute(CAPABILITY_MAJOR) + attribute(CAPABILITY_MINOR);
        modules = new Modules(this, new Compiler(cuda.compilerVersion(), architecture));
    }

    private int attribute(int attribute) {
        int[] value = new int[1];
        int code = LibCuda.cuDeviceGetAttribute(value, attribute, device);
        check(code, "cuDeviceGetAttribute", "attribute " + attribute);
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
        check(LibCuda.cuMemGetInfo_v2(free, new long[1]), "cuMemGetInfo", "its free memory");
        return free[0];
    }

    /** The address of new memory of undefined content. */
    long allocate(long bytes) {
        makeCurrent();
        long[] address = new long[1];
        check(LibCuda.cuMemAlloc_v2(address, Math.max(1, bytes)), "cuMemAlloc", bytes + " bytes");
        return address[0];
    }

    /** Frees memory that nothing enqueued reads or writes. */
    void free(long address, String purpose) {
        makeCurrent();
        check(LibCuda.cuMemFree_v2(address), "cuMemFree", purpose);
    }

    /** Waits for all that was enqueued on this device in this process. */
    void synchronise() {
        makeCurrent();
        check(LibCuda.cuCtxSynchronize(), "cuCtxSynchronize", "all work");
    }

    /** Copies of host arrays. */
    ArrayCache cache() {
        return cache;
    }

    Modules modules() {
        return modules;
    }

    /** Makes the calling thread's next calls go to this device. */
    void makeCurrent() {
        if (CURRENT.get() != this) {
            check(LibCuda.cuCtxSetCurrent(context()), "cuCtxSetCurrent", "a thread");
            CURRENT.set(this);
        }
    }

    private synchronized long context() {
        if (context == 0) {
            long[] handle = new long[1];
            int code = LibCuda.cuDevicePrimaryCtxRetain(handle, device);
            check(code, "cuDevicePrimaryCtxRetain", name);
            context = handle[0];
        }
        return context;
    }

    /**
     * Checks what a call of the driver on this device returned.
     *
     * @param purpose what it was called for, as it stands after "for" in the message
     * @throws CudaException if {@code code} is not 0
     */
    void check(int code, String call, String purpose) {
        check(CudaLibrary.DRIVER, code, call, purpose);
    }

    /** The same for any library. A fault that all later calls meet again is told with each of them. */
    void check(CudaLibrary library, int code, String call, String purpose) {
        if (code == 0) {
            return;
        }
        CudaException failure = new CudaException(library, "device " + ordinal + ": " + call, purpose, code);
        CudaException first = fault;
        if (first != null && (library != CudaLibrary.DRIVER || code == first.code())) {
            throw new CudaException(failure, first);
        }
        if (failure.lasting()) {
            fault = failure;
        }
        throw failure;
    }

    /** All work so far has ended well: what was taken for a lasting fault was none. */
    void works() {
        fault = null;
    }
}
