package io.etastar.tensor;

/** An operation bound to its tensors: running it allocates nothing, and a backend may put it off until {@link Kernels#synchronise}. */
@FunctionalInterface
public interface Kernel {
    /** Reads the inputs and overwrites the outputs, or adds to them if the method that made this kernel says so. */
    void run();

    /** All of {@code steps}, one after another; the array is shared. */
    static Kernel sequence(Kernel... steps) {
        return () -> {
            for (Kernel step : steps) {
                step.run();
            }
        };
    }
}
