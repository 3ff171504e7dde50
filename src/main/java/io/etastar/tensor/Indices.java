package io.etastar.tensor;

/** Whole numbers in a backend's memory that say which elements a kernel reads or writes. */
public abstract class Indices {
    private final int length;

    /** @param length number of indices */
    protected Indices(int length) {
        this.length = length;
    }

    /** Number of indices. */
    public final int length() {
        return length;
    }

    /** Overwrites the first ones with {@code values}, which are copied, behind all kernels that ran before. */
    public abstract void write(int... values);

    /** A copy; {@link Kernels#synchronise} must have been called since a kernel wrote here. */
    public abstract int[] toInts();
}
