package io.etastar.tensor;

/** The sum over micro-batches of what some tensors hold, such as a gradient. */
public interface Total {
    /** Begins a new sum. */
    void clear();

    /** Adds what the tensors hold once all kernels ran that were asked to before. */
    void add();

    /** The sum since the last {@link #clear}, for the caller to keep; {@link Kernels#synchronise} must have been called. */
    RawArray take();
}
