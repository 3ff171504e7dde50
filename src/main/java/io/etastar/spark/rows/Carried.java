package io.etastar.spark.rows;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoSerializable;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.io.UncheckedIOException;

/**
 * A value that Spark carries in Java's form, whatever {@code spark.serializer} says: Kryo knows no records, and would write what a
 * class hands out in place of itself.
 *
 * @param <T> serializable
 */
public final class Carried<T> implements KryoSerializable, Serializable {
    private static final long serialVersionUID = 1L;

    private T value;

    private Carried(T value) {
        this.value = value;
    }

    /** A value to be carried; shared. */
    public static <T> Carried<T> of(T value) {
        return new Carried<>(value);
    }

    /** The value; shared. */
    public T value() {
        return value;
    }

    @Override
    public void write(Kryo kryo, Output output) {
        // Not closed: that would close Kryo's own.
        try {
            ObjectOutputStream out = new ObjectOutputStream(output);
            out.writeObject(value);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public void read(Kryo kryo, Input input) {
        try {
            value = (T) new Reader(input).readObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("a value of a class that is not here", e);
        }
    }

    /** Finds classes as Spark's own deserialisation does. */
    private static final class Reader extends ObjectInputStream {
        Reader(Input input) throws IOException {
            super(input);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass type) throws IOException, ClassNotFoundException {
            try {
                return Class.forName(
                        type.getName(), false, Thread.currentThread().getContextClassLoader());
            } catch (ClassNotFoundException e) {
                return super.resolveClass(type);
            }
        }
    }
}
