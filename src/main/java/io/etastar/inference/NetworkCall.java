package io.etastar.inference;

import io.etastar.spark.rows.Carried;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * A network as a column's features are put into it: what its output columns have in common.
 *
 * @param network what is computed
 * @param name of the model, for plans
 * @param column of the features, for messages
 * @param classes number of classes, 0 for regression
 * @param width numbers that the network gives for a row
 * @param thresholds of the classes, or null
 * @param mixesRows whether the output of a row depends on the rows that are computed with it
 */
public record NetworkCall(
        Broadcast<Carried<TrainedNetwork>> network,
        String name,
        String column,
        int classes,
        int width,
        double[] thresholds,
        boolean mixesRows)
        implements Serializable {
    private static final byte DENSE = 1;
    private static final int VECTOR_FIELDS = 4;

    /** A column of a network's outputs. */
    public enum Output {
        /** Logits. */
        RAW,
        /** Softmax of the logits. */
        PROBABILITY,
        /** The class, or what a regression predicts. */
        PREDICTION
    }

    /** Networks whose devices were looked at, as long as there are these: numbers of broadcasts begin anew with each context. */
    private static final Set<Broadcast<?>> CHECKED =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /**
     * Looks once whether devices that compute the network are there and have the memory; on the driver.
     *
     * @param rows of a batch
     * @throws io.etastar.UserError if not
     */
    void checkDevices(JavaSparkContext context, int rows) {
        if (!CHECKED.contains(network)) {
            network.value().value().checkDevices(context, rows);
            CHECKED.add(network);
        }
    }

    /** Type of a column. */
    DataType type(Output output) {
        boolean number = output == Output.PREDICTION && (classes > 0 || width == 1);
        return number ? DataTypes.DoubleType : SQLDataTypes.VectorType();
    }

    /** A column's value, as Catalyst holds it, for one row of the network's outputs [width], which are kept. */
    Object value(Output output, double... outputs) {
        return switch (output) {
            case RAW -> vector(outputs);
            case PROBABILITY -> vector(softmax(outputs));
            case PREDICTION -> {
                if (classes == 0) {
                    yield width == 1 ? (Object) outputs[0] : vector(outputs);
                }
                yield (double) (thresholds == null ? largest(outputs) : largest(overThresholds(softmax(outputs))));
            }
        };
    }

    /** The fields of {@code VectorUDT}. */
    private static GenericInternalRow vector(double... values) {
        Object[] fields = new Object[VECTOR_FIELDS];
        fields[0] = DENSE;
        fields[VECTOR_FIELDS - 1] = UnsafeArrayData.fromPrimitiveArray(values);
        return new GenericInternalRow(fields);
    }

    /** exp(x_i) over their sum; a new array. */
    public static double[] softmax(double... logits) {
        double most = logits[0];
        for (double x : logits) {
            most = Math.max(most, x);
        }
        double[] shares = new double[logits.length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = Math.exp(logits[i] - most);
        }
        double sum = Arrays.stream(shares).sum();
        for (int i = 0; i < shares.length; i++) {
            shares[i] /= sum;
        }
        return shares;
    }

    /** Shares over thresholds, in place; a threshold of 0 goes before all. */
    private double[] overThresholds(double... shares) {
        for (int i = 0; i < shares.length; i++) {
            shares[i] = thresholds[i] == 0 ? Double.POSITIVE_INFINITY : shares[i] / thresholds[i];
        }
        return shares;
    }

    /** Index of the first of the largest. */
    static int largest(double... values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    /** Whether both compute the same: Catalyst then computes it once. */
    @Override
    public boolean equals(Object other) {
        return other instanceof NetworkCall call
                && network.id() == call.network.id()
                && column.equals(call.column)
                && Arrays.equals(thresholds, call.thresholds);
    }

    @Override
    public int hashCode() {
        return Objects.hash(network.id(), column, Arrays.hashCode(thresholds));
    }

    @Override
    public String toString() {
        return name;
    }
}
