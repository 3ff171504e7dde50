package io.etastar.storage;

import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Raw arrays as little-endian bytes. */
final class RawBytes {
    private static final int CHUNK = 1 << 16;

    private RawBytes() {}

    static void write(OutputStream out, RawArray array) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        int step = CHUNK / array.type().bytes();
        for (int from = 0; from < array.length(); from += step) {
            int count = Math.min(step, array.length() - from);
            if (array.type() == DType.FLOAT) {
                buffer.asFloatBuffer().put(array.floats(), from, count);
            } else {
                buffer.asDoubleBuffer().put(array.doubles(), from, count);
            }
            out.write(buffer.array(), 0, count * array.type().bytes());
        }
    }

    /** Reads {@code length} elements. The caller has checked that the file can hold them. */
    static RawArray read(InputStream in, DType type, int length) throws IOException {
        RawArray array = RawArray.zeros(type, length);
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        int step = CHUNK / type.bytes();
        for (int from = 0; from < length; from += step) {
            int count = Math.min(step, length - from);
            fill(in, buffer.array(), count * type.bytes());
            if (type == DType.FLOAT) {
                buffer.asFloatBuffer().get(array.floats(), from, count);
            } else {
                buffer.asDoubleBuffer().get(array.doubles(), from, count);
            }
        }
        return array;
    }

    static void fill(InputStream in, byte[] bytes, int count) throws IOException {
        int found = in.readNBytes(bytes, 0, count);
        if (found < count) {
            throw new EOFException("ends " + (count - found) + " bytes early");
        }
    }
}
