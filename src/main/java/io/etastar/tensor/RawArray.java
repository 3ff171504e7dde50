package io.etastar.tensor;

import java.io.Serializable;

/**
 * A flat array of {@code float} or {@code double} elements that may travel: in RDDs, closures, broadcasts and files.
 *
 * <p>The wrapped Java array is shared, not copied, unless a method says so.
 */
public final class RawArray implements Serializable {
    private static final long serialVersionUID = 1L;

    private final float[] floats;
    private final double[] doubles;

    private RawArray(float[] floats, double[] doubles) {
        this.floats = floats;
        this.doubles = doubles;
    }

    /** Wraps {@code values}, which is shared with the caller. */
    public static RawArray of(float[] values) {
        return new RawArray(values, null);
    }

    /** Wraps {@code values}, which is shared with the caller. */
    public static RawArray of(double[] values) {
        return new RawArray(null, values);
    }

    /** A zero array of {@code length} elements. */
    public static RawArray zeros(DType type, int length) {
        return type == DType.FLOAT ? of(new float[length]) : of(new double[length]);
    }

    /** A copy of {@code values} rounded to {@code type}. */
    public static RawArray copyOf(DType type, double[] values) {
        if (type == DType.DOUBLE) {
            return of(values.clone());
        }
        float[] rounded = new float[values.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) values[i];
        }
        return of(rounded);
    }

    /** Type of the elements. */
    public DType type() {
        return floats != null ? DType.FLOAT : DType.DOUBLE;
    }

    /** Number of elements. */
    public int length() {
        return floats != null ? floats.length : doubles.length;
    }

    /** Element {@code i}, widened. */
    public double get(int i) {
        return floats != null ? floats[i] : doubles[i];
    }

    /** Sets element {@code i}, rounded to the type. */
    public void set(int i, double value) {
        if (floats != null) {
            floats[i] = (float) value;
        } else {
            doubles[i] = value;
        }
    }

    /** Sets all elements to {@code values}, of the same length, rounded to the type. */
    public void assign(double[] values) {
        if (doubles != null) {
            System.arraycopy(values, 0, doubles, 0, doubles.length);
            return;
        }
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
    }

    /** The shared {@code float[]}; null where the type is double. */
    public float[] floats() {
        return floats;
    }

    /** The shared {@code double[]}; null where the type is float. */
    public double[] doubles() {
        return doubles;
    }

    /** A widened copy. */
    public double[] toDoubles() {
        if (doubles != null) {
            return doubles.clone();
        }
        double[] wide = new double[floats.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = floats[i];
        }
        return wide;
    }

    /** Travels as bare bytes: Java's own form converts each element by itself. */
    private Object writeReplace() {
        return new RawArrayForm(this);
    }

    /**
     * {@code this += other}, in place.
     *
     * @throws IllegalArgumentException where types or lengths differ
     */
    public void addInPlace(RawArray other) {
        if (other.type() != type() || other.length() != length()) {
            throw new IllegalArgumentException(
                    "adding " + other.type() + "[" + other.length() + "] to " + type() + "[" + length() + "]");
        }
        if (floats != null) {
            for (int i = 0; i < floats.length; i++) {
                floats[i] += other.floats[i];
            }
        } else {
            for (int i = 0; i < doubles.length; i++) {
                doubles[i] += other.doubles[i];
            }
        }
    }
}
