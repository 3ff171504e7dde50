package io.etastar.ml;

import io.etastar.table.ClassValues;
import java.util.Arrays;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Schemas of frames that have predictions; a column whose name is empty is left out, as everywhere in Spark ML. */
final class Columns {
    private Columns() {}

    /**
     * @param classes their number if it is known, else 0
     * @param names their labels in order; none if labels are class indices
     */
    static StructType classification(
            StructType schema, String raw, String probability, String prediction, int classes, String... names) {
        StructType with = vector(vector(schema, raw, classes), probability, classes);
        if (prediction.isEmpty()) {
            return with;
        }
        NominalAttribute attribute = NominalAttribute.defaultAttr().withName(prediction);
        Metadata metadata = classes == 0
                ? Metadata.empty()
                : (names.length == 0 ? attribute.withNumValues(classes) : attribute.withValues(names)).toMetadata();
        return append(with, new StructField(prediction, DataTypes.DoubleType, false, metadata));
    }

    /** Labels of a column of that type. */
    static ClassValues.Kind kind(DataType type) {
        if (type instanceof StringType) {
            return ClassValues.Kind.TEXT;
        }
        return type.equals(DataTypes.BooleanType) ? ClassValues.Kind.BOOLEAN : ClassValues.Kind.NUMBER;
    }

    /** With a column of predicted labels of that kind; without one if the name is empty. */
    static StructType labels(StructType schema, String name, ClassValues.Kind kind) {
        DataType type = switch (kind) {
            case TEXT -> DataTypes.StringType;
            case BOOLEAN -> DataTypes.BooleanType;
            case NUMBER, INDEX -> DataTypes.DoubleType;
        };
        return name.isEmpty() ? schema : append(schema, new StructField(name, type, false, Metadata.empty()));
    }

    /** @param outputs numbers of a prediction */
    static StructType regression(StructType schema, String prediction, int outputs) {
        if (prediction.isEmpty()) {
            return schema;
        }
        return outputs == 1
                ? append(schema, new StructField(prediction, DataTypes.DoubleType, false, Metadata.empty()))
                : vector(schema, prediction, outputs);
    }

    private static StructType vector(StructType schema, String name, int size) {
        if (name.isEmpty()) {
            return schema;
        }
        Metadata metadata = size == 0 ? Metadata.empty() : new AttributeGroup(name, size).toMetadata();
        DataType type = SQLDataTypes.VectorType();
        return append(schema, new StructField(name, type, false, metadata));
    }

    private static StructType append(StructType schema, StructField field) {
        if (Arrays.asList(schema.fieldNames()).contains(field.name())) {
            throw new IllegalArgumentException(
                    "column '" + field.name() + "': found one of that name, expected a new name for what is appended");
        }
        return schema.add(field);
    }
}
