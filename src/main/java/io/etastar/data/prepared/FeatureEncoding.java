package io.etastar.data.prepared;

import io.etastar.data.Ranges;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The encoding of a row's features: row-major, either little-endian float32, or uint8 v for the number v / divisor.
 *
 * @param shape of a row's features, images as [C, H, W]; shared
 * @param type {@link #FLOAT} or {@link #BYTE}
 * @param divisor what bytes are divided by when they are read, 1 for floats
 */
public record FeatureEncoding(int[] shape, String type, int divisor) implements Serializable {
    /** Little-endian single precision. */
    public static final String FLOAT = "float32";
    /** Unsigned bytes. */
    public static final String BYTE = "uint8";

    /** Whether features are unsigned bytes. */
    boolean bytes() {
        return type.equals(BYTE);
    }

    /** Elements of a row. */
    int length() {
        return Ranges.length(shape);
    }

    /** Bytes of a row. */
    int rowBytes() {
        return bytes() ? length() : Math.multiplyExact(length(), Float.BYTES);
    }

    /** The stored form of {@code length()} elements from {@code from} on; a new array. */
    byte[] encode(float[] features, int from) {
        byte[] row = new byte[rowBytes()];
        if (!bytes()) {
            ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(features, from, length());
            return row;
        }
        for (int i = 0; i < row.length; i++) {
            row[i] = (byte) Math.round(features[from + i] * divisor);
        }
        return row;
    }

    /** The number that each byte stands for [256]; a new array. */
    float[] values() {
        float[] values = new float[256];
        for (int v = 0; v < values.length; v++) {
            values[v] = v / (float) divisor;
        }
        return values;
    }

    /** Whether bytes with that divisor give exactly these features again. */
    static boolean exact(float[] features, int divisor) {
        for (float x : features) {
            int v = Math.round(x * divisor);
            if (v < 0 || v > 255 || v / (float) divisor != x) {
                return false;
            }
        }
        return true;
    }
}
