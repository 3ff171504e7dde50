package io.etastar.tensor.cuda;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.etastar.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** CUDA's three libraries, opened once in a process: the driver, NVRTC, cuBLAS. */
public final class Cuda {
    /** What errors of the user are about. */
    static final UserError.Subject SUBJECT = UserError.Subject.of("engine.backend cuda");

    private static final int OLDEST = 11;
    private static @Nullable Cuda opened;
    private static @Nullable Path openedFrom;

    private final int driverVersion;
    private final String compilerVersion;
    private final List<CudaDevice> devices = new ArrayList<>();

    private Cuda(LibraryPath path) {
        bind(LibCuda.class, "cuda", List.of(".1"), path);
        check(LibCuda.cuInit(0), "cuInit", "the first use of CUDA");
        int[] number = new int[1];
        check(LibCuda.cuDriverGetVersion(number), "cuDriverGetVersion", "the driver's version");
        driverVersion = number[0];
        if (driverVersion < 1000 * OLDEST) {
            throw new UserError(
                    SUBJECT,
                    "a driver for CUDA " + driverVersion / 1000 + "." + driverVersion % 1000 / 10,
                    "one for CUDA " + OLDEST + " or later");
        }
        bind(LibNvrtc.class, "nvrtc", suffixes(true), path);
        bind(LibCublas.class, "cublas", suffixes(false), path);
        int[] minor = new int[1];
        checkCompiler(LibNvrtc.nvrtcVersion(number, minor), "nvrtcVersion", "the compiler's version");
        compilerVersion = number[0] + "." + minor[0];
        check(LibCuda.cuDeviceGetCount(number), "cuDeviceGetCount", "the number of devices");
        for (int i = 0; i < number[0]; i++) {
            devices.add(new CudaDevice(this, i));
        }
    }

    /**
     * The libraries of this process, opened by the first call.
     *
     * @param folder where all of them lie; null to look into the usual places
     * @throws UserError if one is not found, each name tried stands in it; if the driver is older than CUDA 11; if there are
     *     libraries of another folder already
     * @throws CudaException if the driver does not start
     */
    public static synchronized Cuda open(@Nullable Path folder) {
        if (opened == null) {
            opened = new Cuda(new LibraryPath(folder, System.getenv()));
            openedFrom = folder;
        } else if (!Objects.equals(folder, openedFrom)) {
            throw new UserError(
                    SUBJECT,
                    "libraries of " + place(folder) + " asked for after those of " + place(openedFrom),
                    "one place in a process");
        }
        return opened;
    }

    private static String place(@Nullable Path folder) {
        return folder == null ? "the usual places" : folder.toString();
    }

    /** The devices that the driver shows, numbered from 0. */
    public List<CudaDevice> devices() {
        return List.copyOf(devices);
    }

    /** Major and minor version of the compiler. */
    String compilerVersion() {
        return compilerVersion;
    }

    /** Endings of a library's file for the versions that this driver can run: its own major version and older ones. */
    private List<String> suffixes(boolean compiler) {
        return suffixes(driverVersion / 1000, compiler);
    }

    static List<String> suffixes(int driverMajor, boolean compiler) {
        List<String> found = new ArrayList<>();
        for (int major = Math.max(driverMajor, OLDEST); major >= OLDEST; major--) {
            if (major == OLDEST && compiler) {
                found.add(".11.2");
                IntStream.of(1, 0).forEach(minor -> found.add(".11." + minor));
            } else {
                found.add("." + major);
            }
        }
        return found;
    }

    static void bind(Class<?> functions, String library, List<String> suffixes, LibraryPath path) {
        List<String> candidates = path.candidates(library, suffixes);
        StringBuilder tried = new StringBuilder();
        for (String candidate : candidates) {
            try {
                Native.register(functions, NativeLibrary.getInstance(candidate));
                return;
            } catch (UnsatisfiedLinkError e) {
                tried.append(tried.length() == 0 ? "" : ", ").append(candidate);
            }
        }
        throw new UserError(SUBJECT, "no library " + library + "; tried " + tried, "one of these files");
    }

    /**
     * @param code what {@code call} returned
     * @param purpose what it was called for, as it stands after "for" in the message
     * @throws CudaException if it is not 0
     */
    static void check(int code, String call, String purpose) {
        if (code != 0) {
            throw new CudaException(call, purpose, code, name(code));
        }
    }

    private static String name(int code) {
        long[] text = new long[1];
        if (LibCuda.cuGetErrorName(code, text) != 0) {
            return "unknown";
        }
        String name = new Pointer(text[0]).getString(0);
        return LibCuda.cuGetErrorString(code, text) == 0 ? name + " (" + new Pointer(text[0]).getString(0) + ")" : name;
    }

    static void checkCompiler(int code, String call, String purpose) {
        if (code != 0) {
            throw new CudaException(call, purpose, code, new Pointer(LibNvrtc.nvrtcGetErrorString(code)).getString(0));
        }
    }

    static void checkBlas(int code, String call, String purpose) {
        if (code != 0) {
            throw new CudaException(call, purpose, code, BLAS_CODES[Math.min(code, BLAS_CODES.length - 1)]);
        }
    }

    /** Names of cuBLAS's codes, which it tells only from version 11.4 on. */
    private static final String[] BLAS_CODES = {
        "",
        "CUBLAS_STATUS_NOT_INITIALIZED",
        "",
        "CUBLAS_STATUS_ALLOC_FAILED",
        "",
        "",
        "",
        "CUBLAS_STATUS_INVALID_VALUE",
        "CUBLAS_STATUS_ARCH_MISMATCH",
        "",
        "",
        "CUBLAS_STATUS_MAPPING_ERROR",
        "",
        "CUBLAS_STATUS_EXECUTION_FAILED",
        "CUBLAS_STATUS_INTERNAL_ERROR",
        "CUBLAS_STATUS_NOT_SUPPORTED",
        "CUBLAS_STATUS_LICENSE_ERROR"
    };
}
