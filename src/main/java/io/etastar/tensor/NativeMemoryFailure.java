package io.etastar.tensor;

import java.util.function.Supplier;

/**
 * Too little memory outside the heap for an array of ND4J's. Thrown in the place of JavaCPP's {@link OutOfMemoryError}, which
 * would end an executor, or a job by a stack trace, while idle programs hold what is missing.
 */
public final class NativeMemoryFailure extends DeviceFailure {
    private static final long serialVersionUID = 1L;
    /** How JavaCPP begins; other errors of this class are the heap's. */
    private static final String JAVACPP = "Cannot allocate new ";

    private NativeMemoryFailure(OutOfMemoryError error) {
        super(
                "too little memory outside the heap, " + found(error),
                "a larger heap, a quarter of what native memory may take (ETASTAR_DRIVER_MEMORY, spark.executor.memory),"
                        + " fewer subsets or a smaller training.micro_batch",
                true);
        initCause(error);
    }

    private static String found(OutOfMemoryError error) {
        Throwable cause = error.getCause();
        return String.valueOf((cause == null ? error : cause).getMessage());
    }

    /**
     * What {@code allocate} gives.
     *
     * @throws NativeMemoryFailure if JavaCPP refused to allocate
     */
    public static <T> T guarding(Supplier<T> allocate) {
        try {
            return allocate.get();
        } catch (OutOfMemoryError e) {
            if (e.getMessage() == null || !e.getMessage().startsWith(JAVACPP)) {
                throw e;
            }
            throw new NativeMemoryFailure(e);
        }
    }

    @Override
    protected String subject() {
        return "memory";
    }
}
