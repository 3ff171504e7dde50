package io.etastar.ml;

import io.etastar.UserError;
import io.etastar.frame.FrameField;
import io.etastar.frame.Pixels;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Checks of the columns of a frame. */
final class FeatureColumn {
    private FeatureColumn() {}

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

    /** Checks name and type, and the number of elements if the schema tells it. */
    static void check(StructType schema, String name, int length) {
        StructField field = check(schema, name);
        if (field.dataType().equals(SQLDataTypes.VectorType())) {
            int size = AttributeGroup.fromStructField(field).size();
            if (size >= 0 && size != length) {
                throw new IllegalArgumentException("column '" + name + "': found " + size + " elements, expected "
                        + length + ", the model's input");
            }
        }
    }

    /** A column of labels of classes. */
    static void checkClasses(StructType schema, String name) {
        DataType type = find(schema, name).dataType();
        if (!(type instanceof NumericType) && !type.equals(DataTypes.BooleanType) && !(type instanceof StringType)) {
            throw new IllegalArgumentException(
                    "column '" + name + "': found " + type.catalogString() + ", expected texts, booleans or numbers");
        }
    }

    /** A column of numbers, such as weights; booleans and texts are none. */
    static void checkNumeric(StructType schema, String name) {
        DataType type = find(schema, name).dataType();
        if (!(type instanceof NumericType)) {
            throw new IllegalArgumentException(
                    "column '" + name + "': found " + type.catalogString() + ", expected numbers");
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

    /**
     * The column of that name.
     *
     * @throws IllegalArgumentException if there is none, or several
     */
    static StructField find(StructType schema, String name) {
        List<StructField> found = Arrays.stream(schema.fields())
                .filter(field -> field.name().equals(name))
                .toList();
        StructField nested = found.isEmpty() ? FrameField.find(schema, name) : null;
        if (nested != null) {
            return nested;
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("column '" + name + "': found none of that name, expected one of "
                    + UserError.names(List.of(schema.fieldNames())));
        }
        if (found.size() > 1) {
            throw new IllegalArgumentException(
                    "column '" + name + "': found " + found.size() + " of that name, expected one");
        }
        return found.get(0);
    }
}
