package io.etastar.tensor;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A contiguous row-major array in native memory, or a contiguous part of one.
 *
 * <p>Views share memory with the tensor they come from. Freed by the {@link Kernels} that allocated it.
 */
public final class Tensor {
    private final INDArray root;
    private final Cells cells;
    private final int offset;
    private final int length;
    private final int[] shape;
    private INDArray array;

    Tensor(INDArray root, Cells cells, int offset, int... shape) {
        this.root = root;
        this.cells = cells;
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
     * @throws IllegalArgumentException where the length differs
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
     * @throws IllegalArgumentException where there are not as many
     */
    public Tensor part(int from, int... newShape) {
        int size = Shapes.length(newShape);
        if (from < 0 || from + size > length) {
            throw new IllegalArgumentException(
                    "part " + from + " + " + Arrays.toString(newShape) + " of " + Arrays.toString(shape));
        }
        return new Tensor(root, cells, offset + from, newShape);
    }

    /** Rows [from, to) of the first axis, as a view. */
    public Tensor rows(int from, int to) {
        int[] rowShape = shape.clone();
        rowShape[0] = to - from;
        return part(from * (length / shape[0]), rowShape);
    }

    /** Whether all elements of this tensor lie in the memory of {@code other}. */
    public boolean isPartOf(Tensor other) {
        return cells == other.cells && offset >= other.offset && offset + length <= other.offset + other.length;
    }

    /** Copies {@code count} elements of {@code source} from {@code from} into this tensor at {@code at}, rounding. */
    public void write(RawArray source, int from, int at, int count) {
        cells.write(source, from, offset + at, count);
        cells.written();
    }

    /**
     * Copies all of {@code source} into this tensor, rounding.
     *
     * @throws IllegalArgumentException where the lengths differ
     */
    public void write(RawArray source) {
        requireLength(source.length());
        write(source, 0, 0, length);
    }

    /** Adds {@code count} elements from {@code from} on to those of {@code target} from {@code at} on, rounding. */
    public void addTo(RawArray target, int from, int at, int count) {
        cells.addTo(target, offset + from, at, count);
    }

    /** Sets elements [from, to) to {@code value}. */
    public void fill(int from, int to, double value) {
        cells.fill(offset + from, to - from, value);
    }

    /** Element {@code i} in row-major order. */
    public double get(int i) {
        return cells.get(offset + i);
    }

    /** out[0..count) = elements from {@code at} on, widened. */
    void read(int at, double[] out, int count) {
        cells.read(offset + at, out, count);
    }

    /** Elements from {@code at} on = values[0..count), rounded. */
    void write(int at, double[] values, int count) {
        cells.write(offset + at, values, count);
    }

    /** All elements, widened; a new array. */
    public double[] toDoubles() {
        double[] copy = new double[length];
        for (int i = 0; i < length; i++) {
            copy[i] = get(i);
        }
        return copy;
    }

    private void requireLength(int found) {
        if (found != length) {
            throw new IllegalArgumentException(found + " elements for " + Arrays.toString(shape));
        }
    }

    /** out[from..from + count) = elements from {@code at} on, of a tensor in single precision. */
    void get(int at, float[] out, int from, int count) {
        ((Cells.Floats) cells).get(offset + at, out, from, count);
    }

    /** Elements from {@code at} on = values[from..from + count), of a tensor in single precision. */
    void put(int at, float[] values, int from, int count) {
        ((Cells.Floats) cells).put(offset + at, values, from, count);
    }

    /** Memory of the tensor that this is a view of; element i is cell offset() + i. */
    Cells cells() {
        return cells;
    }

    int offset() {
        return offset;
    }

    /** The ND4J array of this view; made once, at compile time. */
    INDArray array() {
        if (array == null) {
            long[] sides = Shapes.toLong(shape);
            array = Nd4j.create(root.data(), sides, Nd4j.getStrides(sides, 'c'), offset, 'c');
        }
        return array;
    }
}
