package io.etastar.tensor;

import java.io.Externalizable;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What travels in a {@link RawArray}'s place: type, length and little-endian elements. */
final class RawArrayForm implements Externalizable {
    private static final long serialVersionUID = 1L;
    private static final int CHUNK = 1 << 16;

    private RawArray array;

    /** For deserialisation. */
    public RawArrayForm() {}

    RawArrayForm(RawArray array) {
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
