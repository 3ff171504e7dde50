package io.etastar.tensor.cuda;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.etastar.UserError;
import io.etastar.tensor.Closing;
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
        CudaLibrary.DRIVER.check(LibCuda.cuInit(0), "cuInit", "the first use of CUDA");
        int[] number = new int[1];
        CudaLibrary.DRIVER.check(LibCuda.cuDriverGetVersion(number), "cuDriverGetVersion", "the driver's version");
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
        CudaLibrary.COMPILER.check(LibNvrtc.nvrtcVersion(number, minor), "nvrtcVersion", "the compiler's version");
        compilerVersion = number[0] + "." + minor[0];
        CudaLibrary.DRIVER.check(LibCuda.cuDeviceGetCount(number), "cuDeviceGetCount", "the number of devices");
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

    /** Frees copies of host arrays on all devices, if the libraries are open. */
    static synchronized void freeCopies() {
        if (opened != null) {
            Closing.all(opened.devices.stream()
                    .map(device -> (Runnable) () -> device.cache().clear())
                    .toList());
        }
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
                tried.append(tried.length() == 0 ? "" : ", ").append(candidate).append(reason(candidate, e));
            }
        }
        throw new UserError(SUBJECT, "no library " + library + "; tried " + tried, "one of these files");
    }

    /** Why a library that is there was not opened, in brackets; empty for one that is not. */
    private static String reason(String candidate, UnsatisfiedLinkError failure) {
        List<String> lines = String.valueOf(failure.getMessage()).lines().toList();
        // JNA names the library first; then come the words of the system's loader.
        String said = lines.get(Math.min(1, lines.size() - 1));
        return said.startsWith(candidate + ": ") && said.endsWith("No such file or directory") ? "" : " (" + said + ")";
    }
}
