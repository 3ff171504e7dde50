package io.etastar.tensor.cuda;

import com.sun.jna.Pointer;
import java.util.Map;
import java.util.Set;

/** The libraries of CUDA, each with codes of its own: their names, and what to do about them. */
enum CudaLibrary {
    /** libcuda. */
    DRIVER {
        @Override
        String name(int code) {
            long[] text = new long[1];
            if (LibCuda.cuGetErrorName(code, text) != 0) {
                return "unknown";
            }
            String name = new Pointer(text[0]).getString(0);
            return LibCuda.cuGetErrorString(code, text) == 0
                    ? name + " (" + new Pointer(text[0]).getString(0) + ")"
                    : name;
        }

        @Override
        boolean outOfMemory(int code) {
            return code == 2;
        }

        @Override
        boolean lasting(int code) {
            return LASTING.contains(code);
        }

        @Override
        String remedy(int code) {
            if (outOfMemory(code)) {
                return LESS_MEMORY;
            }
            if (FAULTS.contains(code)) {
                return "kernels that end well; the process cannot go on: " + RESUME
                        + "; if it comes again on another device, please report it";
            }
            return PROGRAM.contains(code)
                    ? "a driver that runs this NVRTC's code: another of either (engine.cuda_libraries)"
                    : DEVICE;
        }
    },
    /** libcuda about memory of the host that devices copy from: what is free on a device does not matter. */
    HOST_MEMORY {
        @Override
        String name(int code) {
            return DRIVER.name(code);
        }

        @Override
        boolean lasting(int code) {
            return DRIVER.lasting(code);
        }

        @Override
        String remedy(int code) {
            return DRIVER.outOfMemory(code)
                    ? "more memory of the host that can be locked (ulimit -l, the container's limit), or fewer tasks a"
                            + " host (spark.executor.cores)"
                    : DRIVER.remedy(code);
        }
    },
    /** cuBLAS. */
    BLAS {
        @Override
        String name(int code) {
            return BLAS_CODES.getOrDefault(code, "unknown");
        }

        /** A handle is not made where the device has no memory for its context. */
        @Override
        boolean outOfMemory(int code) {
            return code == 1 || code == 3;
        }

        @Override
        String remedy(int code) {
            return outOfMemory(code)
                    ? LESS_MEMORY
                    : code == 8 ? "a cuBLAS that knows the device (engine.cuda_libraries)" : DEVICE;
        }
    },
    /** NVRTC. No device takes part. */
    COMPILER {
        @Override
        String name(int code) {
            return new Pointer(LibNvrtc.nvrtcGetErrorString(code)).getString(0);
        }

        @Override
        String remedy(int code) {
            return switch (code) {
                case 1 -> "more memory for the process outside its heap";
                case 5 -> "an NVRTC that knows the device's architecture (engine.cuda_libraries)";
                case 6 -> "CUDA C that compiles; if it is not that of a function of your own, please report it";
                default -> "an NVRTC with its libnvrtc-builtins beside it (engine.cuda_libraries)";
            };
        }
    };

    private static final String RESUME = "jobs/train.sh --resume goes on from the last checkpoint";
    private static final String LESS_MEMORY = "a smaller training.micro_batch, or fewer tasks a device"
            + " (spark.task.resource.gpu.amount), or no other program on it";
    private static final String DEVICE = "a device and a driver that work (nvidia-smi, the kernel's log): " + RESUME
            + ", with this node excluded if it comes again";

    /** Faults of kernels. */
    private static final Set<Integer> FAULTS = Set.of(700, 702, 710, 714, 715, 716, 717, 718, 719);

    /** After these all calls of the process fail: faults, memory that is broken, a device that is gone. */
    private static final Set<Integer> LASTING = Set.of(214, 700, 702, 710, 714, 715, 716, 717, 718, 719, 721, 999);

    /** About machine code: invalid image, no code for the device, code of a later version. */
    private static final Set<Integer> PROGRAM = Set.of(200, 209, 218, 222, 223);

    /** cuBLAS tells names only from version 11.4 on. */
    private static final Map<Integer, String> BLAS_CODES = Map.of(
            1, "CUBLAS_STATUS_NOT_INITIALIZED",
            3, "CUBLAS_STATUS_ALLOC_FAILED",
            7, "CUBLAS_STATUS_INVALID_VALUE",
            8, "CUBLAS_STATUS_ARCH_MISMATCH",
            11, "CUBLAS_STATUS_MAPPING_ERROR",
            13, "CUBLAS_STATUS_EXECUTION_FAILED",
            14, "CUBLAS_STATUS_INTERNAL_ERROR",
            15, "CUBLAS_STATUS_NOT_SUPPORTED",
            16, "CUBLAS_STATUS_LICENSE_ERROR");

    /** The name of a code, with the library's words if it has any. */
    abstract String name(int code);

    /** What to do, as it stands after "expected". */
    abstract String remedy(int code);

    /** Whether a code says that a device has too little memory. */
    boolean outOfMemory(int code) {
        return false;
    }

    /** Whether all later calls of the process fail after a code. */
    boolean lasting(int code) {
        return false;
    }

    /**
     * @param code what {@code call} returned
     * @param purpose what it was called for, as it stands after "for" in the message
     * @throws CudaException if it is not 0
     */
    void check(int code, String call, String purpose) {
        if (code != 0) {
            throw new CudaException(this, call, purpose, code);
        }
    }
}
