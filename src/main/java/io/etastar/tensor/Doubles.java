package io.etastar.tensor;

/**
 * Numbers in double precision in a backend's memory, whatever the precision of its tensors: sums over the micro-batches of a
 * pass, which kernels add to and which are read once at its end, and factors.
 */
public abstract class Doubles {
    private final int length;

    /** @param length number of elements */
    protected Doubles(int length) {
        this.length = length;
    }

    /** Number of elements. */
    public final int length() {
        return length;
    }

    /** Sets all elements to 0, behind all kernels that ran before. */
    public abstract void clear();

    /** Overwrites the first elements with {@code values}, which are copied, behind all kernels that ran before. */
    public abstract void write(double... values);

    /** A copy; {@link Kernels#synchronise} must have been called since a kernel wrote here. */
    public abstract double[] toDoubles();
}
