package io.etastar.spark.pass;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;

/**
 * Results of tasks as bytes: the driver then knows their size, and Spark has only bytes to carry. Raw arrays are written as bare
 * elements.
 */
final class Packed {
    private static final int HEAD = 4096;
    private static final long MOST = 1L << 30;

    private Packed() {}

    static byte[] pack(Object value) {
        return pack(value, 0);
    }

    /** @param expected bytes of the arrays in it: a buffer that need not grow is not copied again and again */
    static byte[] pack(Object value, long expected) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) Math.min(MOST, HEAD + expected));
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** What {@link #pack} was given, as a new object; the classes are those that this class's loader sees. */
    @SuppressWarnings("unchecked")
    static <T> T unpack(byte[] bytes) {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return (T) in.readObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("a result of a class that the driver does not have", e);
        }
    }
}
