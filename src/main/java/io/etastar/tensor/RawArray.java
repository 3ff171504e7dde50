package io.etastar.tensor;

import java.io.Externalizable;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.NullUnmarked;

/**
 * A serializable flat array of {@code float} or {@code double} elements, for RDDs, closures, broadcasts and files.
 *
 * <p>The wrapped Java array is shared, not copied, unless a method says so.
 */
@NullUnmarked // one of its two arrays is null, by its type
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

    /** Elements from {@code to} on = source[from..from + count), of the same type. */
    public void copy(RawArray source, int from, int to, int count) {
        System.arraycopy(
                floats != null ? source.floats : source.doubles, from, floats != null ? floats : doubles, to, count);
    }

    /** A copy of the first {@code count} elements. */
    public RawArray first(int count) {
        return floats != null ? of(Arrays.copyOf(floats, count)) : of(Arrays.copyOf(doubles, count));
    }

    /** The shared {@code float[]}; null if the type is double. */
    public float[] floats() {
        return floats;
    }

    /** The shared {@code double[]}; null if the type is float. */
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

    /** Serialises as bulk bytes: Java's own form converts elements one by one. */
    private Object writeReplace() {
        return new Form(this);
    }

    /**
     * {@code this += other}, in place.
     *
     * @throws IllegalArgumentException if types or lengths differ
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

    /** The serialised form: type, length and little-endian elements. */
    public static final class Form implements Externalizable {
        private static final long serialVersionUID = 1L;
        private static final int CHUNK = 1 << 16;

        private RawArray array;

        /** For deserialisation. */
        public Form() {}

        Form(RawArray array) {
            this.array = array;
        }

        @Override
        public void writeExternal(ObjectOutput out) throws IOException {
            out.writeBoolean(array.floats() != null);
            out.writeInt(array.length());
            byte[] chunk = new byte[chunk()];
            ByteBuffer buffer = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
            int elements = chunk.length / width();
            for (int from = 0; from < array.length(); from += elements) {
                int count = Math.min(elements, array.length() - from);
                if (array.floats() != null) {
                    buffer.asFloatBuffer().put(array.floats(), from, count);
                } else {
                    buffer.asDoubleBuffer().put(array.doubles(), from, count);
                }
                out.write(chunk, 0, count * width());
            }
        }

        @Override
        public void readExternal(ObjectInput in) throws IOException {
            boolean floats = in.readBoolean();
            int length = in.readInt();
            if (length < 0) {
                throw new InvalidObjectException("array of " + length + " elements");
            }
            array = RawArray.zeros(floats ? DType.FLOAT : DType.DOUBLE, length);
            byte[] chunk = new byte[chunk()];
            ByteBuffer buffer = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
            int elements = chunk.length / width();
            for (int from = 0; from < length; from += elements) {
                int count = Math.min(elements, length - from);
                in.readFully(chunk, 0, count * width());
                if (floats) {
                    buffer.asFloatBuffer().get(array.floats(), from, count);
                } else {
                    buffer.asDoubleBuffer().get(array.doubles(), from, count);
                }
            }
        }

        private int width() {
            return array.floats() != null ? Float.BYTES : Double.BYTES;
        }

        private int chunk() {
            return (int) Math.min(CHUNK, Math.max(Double.BYTES, (long) array.length() * width()));
        }

        private Object readResolve() {
            return array;
        }
    }
}
