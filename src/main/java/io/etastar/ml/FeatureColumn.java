package io.etastar.ml;

import io.etastar.frame.Pixels;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.Iterator;
import scala.collection.Seq;

/**
 * A column of features of a given number of elements.
 *
 * @param name of the column
 * @param index of it in the rows
 * @param length elements of each row's features
 * @param shape of each row's features
 */
record FeatureColumn(String name, int index, int length, int[] shape) implements Serializable {
    /**
     * Checks name and type of a column.
     *
     * @throws IllegalArgumentException if there is none, or it holds other things
     */
    static StructField check(StructType schema, String name) {
        StructField field = find(schema, name);
        DataType type = field.dataType();
        boolean numbers = type instanceof ArrayType array && array.elementType() instanceof NumericType;
        if (!numbers
                && !type.equals(SQLDataTypes.VectorType())
                && !type.equals(DataTypes.BinaryType)
                && !Pixels.isImage(type)) {
            throw new IllegalArgumentException("column '" + name + "': found " + type.catalogString()
                    + ", expected vectors, arrays of numbers, bytes or images");
        }
        return field;
    }

    /** The column, its number of elements checked too if the schema tells it. */
    static FeatureColumn of(StructType schema, String name, int... shape) {
        int length = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        StructField field = check(schema, name);
        if (field.dataType().equals(SQLDataTypes.VectorType())) {
            int size = AttributeGroup.fromStructField(field).size();
            if (size >= 0 && size != length) {
                throw wrongLength(name, size, length);
            }
        }
        return new FeatureColumn(name, schema.fieldIndex(name), length, shape);
    }

    /** A column of numbers, such as labels; booleans and strings are none. */
    static void checkNumeric(StructType schema, String name) {
        DataType type = find(schema, name).dataType();
        if (!(type instanceof NumericType)) {
            String remedy = type.equals(DataTypes.StringType) ? " (StringIndexer makes them of strings)" : "";
            throw new IllegalArgumentException(
                    "column '" + name + "': found " + type.catalogString() + ", expected numbers" + remedy);
        }
    }

    /** A column of numbers, vectors or arrays of numbers. */
    static void checkTargets(StructType schema, String name) {
        DataType type = find(schema, name).dataType();
        boolean numbers = type instanceof ArrayType array && array.elementType() instanceof NumericType;
        if (!numbers && !type.equals(SQLDataTypes.VectorType())) {
            checkNumeric(schema, name);
        }
    }

    static StructField find(StructType schema, String name) {
        return Arrays.stream(schema.fields())
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("column '" + name
                        + "': found none of that name, expected one of " + String.join(", ", schema.fieldNames())));
    }

    private static IllegalArgumentException wrongLength(String name, int found, int expected) {
        return new IllegalArgumentException(
                "column '" + name + "': found " + found + " elements, expected " + expected + ", the model's input");
    }

    /** Copies a row's features to {@code into} at {@code at}. */
    void read(Row row, float[] into, int at) {
        Object value = row.get(index);
        if (value == null) {
            throw new IllegalArgumentException("column '" + name + "': found null, expected " + length + " numbers");
        }
        if (value instanceof Vector vector) {
            vector(vector, into, at);
        } else if (value instanceof byte[] || value instanceof Row) {
            float[] pixels = Jobs.translated(() -> Pixels.of(name, value, shape));
            checkLength(pixels.length);
            System.arraycopy(pixels, 0, into, at, length);
        } else {
            array((Seq<?>) value, into, at);
        }
        for (int i = at; i < at + length; i++) {
            if (!Float.isFinite(into[i])) {
                throw new IllegalArgumentException(
                        "column '" + name + "': found " + into[i] + ", expected finite numbers");
            }
        }
    }

    private void vector(Vector vector, float[] into, int at) {
        checkLength(vector.size());
        if (vector instanceof SparseVector sparse) {
            Arrays.fill(into, at, at + length, 0);
            for (int i = 0; i < sparse.indices().length; i++) {
                into[at + sparse.indices()[i]] = (float) sparse.values()[i];
            }
            return;
        }
        double[] values = vector.toArray();
        for (int i = 0; i < length; i++) {
            into[at + i] = (float) values[i];
        }
    }

    private void array(Seq<?> values, float[] into, int at) {
        checkLength(values.length());
        Iterator<?> each = values.iterator();
        for (int i = at; each.hasNext(); i++) {
            into[i] = each.next() instanceof Number number ? number.floatValue() : Float.NaN;
        }
    }

    private void checkLength(int found) {
        if (found != length) {
            throw wrongLength(name, found, length);
        }
    }
}
