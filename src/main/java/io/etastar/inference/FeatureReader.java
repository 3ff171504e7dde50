package io.etastar.inference;

import io.etastar.UserError;
import io.etastar.frame.Pixels;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.Arrays;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** Reads features of one row after the other from values of a column, as Catalyst holds them. */
final class FeatureReader {
    private static final byte SPARSE = 0;

    private final String column;
    private final int length;
    private final int[] shape;
    private final boolean vectors;
    private final boolean arrays;
    private final boolean wide;

    /**
     * @param column for messages
     * @param type of the column: vectors, arrays of floats, bytes or images
     * @param shape of a row's features
     */
    FeatureReader(String column, DataType type, int... shape) {
        this.column = column;
        this.shape = shape;
        length = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        vectors = type.equals(SQLDataTypes.VectorType());
        arrays = type instanceof ArrayType;
        boolean doubles = type instanceof ArrayType array && array.elementType().equals(DataTypes.DoubleType);
        wide = shape.length == 1 && (vectors || doubles);
    }

    /** Precision in which features are read: that of a table's numbers is double, until they are standardised. */
    DType precision() {
        return wide ? DType.DOUBLE : DType.FLOAT;
    }

    /** Elements of a row's features. */
    int length() {
        return length;
    }

    /**
     * Copies a row's features to {@code into} at {@code at}.
     *
     * @param value of the column, or null
     * @param into of {@link #precision}
     * @throws IllegalArgumentException if it is null, of another length or not finite
     */
    void read(Object value, RawArray into, int at) {
        if (value == null) {
            throw new RowError("column '" + column + "': found null, expected " + length + " numbers");
        }
        if (vectors) {
            vector((InternalRow) value, into, at);
        } else if (arrays) {
            array((ArrayData) value, into, at);
        } else {
            pixels(value, into, at);
        }
        for (int i = at; i < at + length; i++) {
            // Not if it is NaN.
            if (!(Math.abs(into.get(i)) <= Float.MAX_VALUE)) {
                throw new RowError("column '" + column + "': found " + into.get(i) + ", expected finite numbers");
            }
        }
    }

    /** Reads {type, size, indices, values}, the fields of {@code VectorUDT}. */
    private void vector(InternalRow vector, RawArray into, int at) {
        ArrayData values = vector.getArray(3);
        if (vector.getByte(0) != SPARSE) {
            checkLength(values.numElements());
            for (int i = 0; i < length; i++) {
                into.set(at + i, values.getDouble(i));
            }
            return;
        }
        checkLength(vector.getInt(1));
        ArrayData indices = vector.getArray(2);
        for (int i = at; i < at + length; i++) {
            into.set(i, 0);
        }
        for (int i = 0; i < indices.numElements(); i++) {
            into.set(at + indices.getInt(i), values.getDouble(i));
        }
    }

    private void array(ArrayData values, RawArray into, int at) {
        checkLength(values.numElements());
        for (int i = 0; i < length; i++) {
            double value = wide ? values.getDouble(i) : values.getFloat(i);
            into.set(at + i, values.isNullAt(i) ? Double.NaN : value);
        }
    }

    private void pixels(Object value, RawArray into, int at) {
        float[] pixels;
        try {
            pixels = Pixels.of(column, value, shape);
        } catch (UserError damaged) {
            throw new RowError(damaged.getMessage(), damaged);
        }
        checkLength(pixels.length);
        System.arraycopy(pixels, 0, into.floats(), at, length);
    }

    private void checkLength(int found) {
        if (found != length) {
            throw new RowError("column '" + column + "': found " + found + " elements, expected " + length
                    + ", the model's input");
        }
    }
}
