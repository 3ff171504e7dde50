package io.etastar.tensor.cuda;

/** A call of CUDA that failed: which call, what for, and the code with its name. */
public final class CudaException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int OUT_OF_MEMORY = 2;

    private final int code;

    CudaException(String call, String purpose, int code, String name) {
        super(call + " for " + purpose + ": " + code + " " + name);
        this.code = code;
    }

    /** The library's own code. */
    public int code() {
        return code;
    }

    /** Whether the driver had too little memory on the device. */
    public boolean outOfMemory() {
        return code == OUT_OF_MEMORY;
    }
}
