package io.etastar.tensor;

import java.util.Arrays;

/**
 * A contiguous row-major array in a backend's memory, or a contiguous part of one.
 *
 * <p>Views share memory with the tensor they come from; the {@link Kernels} that allocated it free it.
 */
public final class Tensor {
    private final Storage storage;
    private final int offset;
    private final int length;
    private final int[] shape;

    /**
     * A view of {@code storage}, for backends.
     *
     * @param offset index of the first element
     */
    public Tensor(Storage storage, int offset, int... shape) {
        this.storage = storage;
        this.offset = offset;
        this.shape = shape.clone();
        this.length = Shapes.length(shape);
    }

    /** Shape; a copy. */
    public int[] shape() {
        return shape.clone();
    }

    /** Number of axes. */
    public int rank() {
        return shape.length;
    }

    /** Length of axis {@code axis}. */
    public int size(int axis) {
        return shape[axis];
    }

    /** Number of elements. */
    public int length() {
        return length;
    }

    /**
     * The same elements in another shape.
     *
     * @throws IllegalArgumentException if the length differs
     */
    public Tensor view(int... newShape) {
        if (Shapes.length(newShape) != length) {
            throw new IllegalArgumentException("a view " + Arrays.toString(newShape) + " of " + Arrays.toString(shape));
        }
        return part(0, newShape);
    }

    /**
     * Elements [from, from + length of newShape) in row-major order, as a view.
     *
     * @throws IllegalArgumentException if there are fewer
     */
    public Tensor part(int from, int... newShape) {
        int size = Shapes.length(newShape);
        if (from < 0 || from + size > length) {
            throw new IllegalArgumentException(
                    "part " + from + " + " + Arrays.toString(newShape) + " of " + Arrays.toString(shape));
        }
        return new Tensor(storage, offset + from, newShape);
    }

    /** Rows [from, to) of the first axis, as a view. */
    public Tensor rows(int from, int to) {
        int[] rowShape = shape.clone();
        rowShape[0] = to - from;
        return part(from * (length / shape[0]), rowShape);
    }

    /** Whether all elements of this tensor lie in the memory of {@code other}. */
    public boolean isPartOf(Tensor other) {
        return storage == other.storage && offset >= other.offset && offset + length <= other.offset + other.length;
    }

    /** Copies {@code count} elements of {@code source} from {@code from} into this tensor at {@code at}, rounding. */
    public void write(RawArray source, int from, int at, int count) {
        storage.write(source, from, offset + at, count);
        storage.written();
    }

    /**
     * Copies all of {@code source} into this tensor, rounding.
     *
     * @throws IllegalArgumentException if the lengths differ
     */
    public void write(RawArray source) {
        requireLength(source.length());
        write(source, 0, 0, length);
    }

    /**
     * Copies rows of {@code source} in, one behind another, rounding. The array must not change from the first call on: a device may keep
     * a copy.
     *
     * @param rows their numbers; as many as fill this tensor
     * @param width elements of a row
     * @throws IllegalArgumentException if the lengths differ
     */
    public void writeRows(RawArray source, int[] rows, int width) {
        requireLength(rows.length * width);
        storage.writeRows(source, rows, width, offset);
        storage.written();
    }

    /** Adds {@code count} elements from {@code from} on to those of {@code target} from {@code at} on, rounding. */
    public void addTo(RawArray target, int from, int at, int count) {
        storage.addTo(target, offset + from, at, count);
    }

    /** Sets elements [from, to) to {@code value}. */
    public void fill(int from, int to, double value) {
        storage.fill(offset + from, to - from, value);
    }

    /** Element {@code i} in row-major order. */
    public double get(int i) {
        return storage.get(offset + i);
    }

    /** out[0..count) = elements from {@code at} on, widened. */
    public void read(int at, double[] out, int count) {
        storage.read(offset + at, out, count);
    }

    /** Elements from {@code at} on = values[0..count), rounded. */
    public void write(int at, double[] values, int count) {
        storage.write(offset + at, values, count);
    }

    /** All elements, widened; a new array. */
    public double[] toDoubles() {
        double[] copy = new double[length];
        read(0, copy, length);
        return copy;
    }

    private void requireLength(int found) {
        if (found != length) {
            throw new IllegalArgumentException(found + " elements for " + Arrays.toString(shape));
        }
    }

    /** out[from..from + count) = elements from {@code at} on, rounded. */
    public void read(int at, float[] out, int from, int count) {
        storage.read(offset + at, out, from, count);
    }

    /** Elements from {@code at} on = values[from..from + count). */
    public void write(int at, float[] values, int from, int count) {
        storage.write(offset + at, values, from, count);
    }

    /** The memory that this tensor is a view of, for backends; element i is its element offset() + i. */
    public Storage storage() {
        return storage;
    }

    /** Index of the first element in {@link #storage()}. */
    public int offset() {
        return offset;
    }
}
