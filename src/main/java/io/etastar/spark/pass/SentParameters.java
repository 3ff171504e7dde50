package io.etastar.spark.pass;

import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.Arrays;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * The parameters that executors hold: a step's gradient, its summary and the evaluation after it are at the same theta, so it
 * is broadcast once.
 */
final class SentParameters implements AutoCloseable {
    private final JavaSparkContext context;
    private final DType type;
    private RawArray theta;
    private Broadcast<RawArray> broadcast;

    SentParameters(JavaSparkContext context, DType type) {
        this.context = context;
        this.type = type;
    }

    /** The broadcast of {@code values} [P], rounded; valid until other values are sent. */
    Broadcast<RawArray> of(double[] values) {
        RawArray rounded = RawArray.copyOf(type, values);
        if (broadcast == null || !same(rounded, theta)) {
            close();
            broadcast = context.broadcast(rounded);
            theta = rounded;
        }
        return broadcast;
    }

    private static boolean same(RawArray a, RawArray b) {
        return Arrays.equals(a.floats(), b.floats()) && Arrays.equals(a.doubles(), b.doubles());
    }

    /** Has executors drop them. */
    @Override
    public void close() {
        if (broadcast != null) {
            broadcast.destroy();
            broadcast = null;
            theta = null;
        }
    }
}
