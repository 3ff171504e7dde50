package io.etastar.tensor.cuda;

import io.etastar.tensor.DeviceFailure;

/** A call of CUDA that failed: on which device, which call, what for, and the code with its name. */
public final class CudaException extends DeviceFailure {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final boolean lasting;

    CudaException(CudaLibrary library, String call, String purpose, int code) {
        super(
                call + " for " + purpose + ": " + code + " " + library.name(code),
                library.remedy(code),
                library.outOfMemory(code));
        this.code = code;
        lasting = library.lasting(code);
    }

    /** A failure that is a consequence of an earlier one. */
    CudaException(CudaException later, CudaException first) {
        super(first.getMessage() + ", and so " + later.getMessage(), first.remedy(), false);
        code = later.code;
        lasting = true;
    }

    /** The library's own code. */
    public int code() {
        return code;
    }

    /** Whether the process's context is spoilt, so that all later calls fail. */
    boolean lasting() {
        return lasting;
    }
}
