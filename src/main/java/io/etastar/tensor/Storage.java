package io.etastar.tensor;

/**
 * The memory behind a {@link Tensor} and its views, in one precision; each backend has its own.
 *
 * <p>Only copies between it and the Java heap are declared here. Indices count elements from the start of the memory.
 */
public abstract class Storage {
    /** Bumped by each write from outside; see {@link Kernels#allocateLeaf}. */
    private long version;

    private boolean leaf;

    /** Element {@code i}, widened. */
    public abstract double get(int i);

    /** Elements [at, at + count) = value, rounded. */
    public abstract void fill(int at, int count, double value);

    /** out[0..count) = elements from {@code at} on, widened. */
    public abstract void read(int at, double[] out, int count);

    /** Elements from {@code at} on = values[0..count), rounded. */
    public abstract void write(int at, double[] values, int count);

    /** out[from..from + count) = elements from {@code at} on, rounded. */
    public abstract void read(int at, float[] out, int from, int count);

    /** Elements from {@code at} on = values[from..from + count). */
    public abstract void write(int at, float[] values, int from, int count);

    /** Elements from {@code at} on = source[from..from + count), rounded. */
    public abstract void write(RawArray source, int from, int at, int count);

    /** Elements from {@code at} on = rows of source, as of {@link Tensor#writeRows}. */
    public void writeRows(RawArray source, int[] rows, int width, int at) {
        for (int i = 0; i < rows.length; i++) {
            write(source, rows[i] * width, at + i * width, width);
        }
    }

    /** target[at..at + count) += elements from {@code from} on, rounded. */
    public abstract void addTo(RawArray target, int from, int at, int count);

    /** Marks the content as changed through {@link Tensor#write(RawArray, int, int, int)} alone. */
    public final void markLeaf() {
        leaf = true;
    }

    /** Counts a write from outside. */
    final void written() {
        version++;
    }

    /** A number that changes whenever the content of a leaf does; -1 if the storage is no leaf. */
    public final long version() {
        return leaf ? version : -1;
    }
}
