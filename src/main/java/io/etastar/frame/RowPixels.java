package io.etastar.frame;

import io.etastar.UserError;
import java.util.Arrays;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Features of single rows that hold bytes or images, read as {@link FrameRows} reads them. */
public final class RowPixels {
    private RowPixels() {}

    /** Whether columns of that type hold Spark's images. */
    public static boolean isImage(DataType type) {
        return type instanceof StructType struct
                && Arrays.equals(struct.fieldNames(), ImageSchema.columnSchema().fieldNames());
    }

    /**
     * The features, scaled to [0, 1].
     *
     * @param column for messages
     * @param value bytes, or one of Spark's images as a row
     * @param shape of the features
     * @return a new array
     * @throws UserError if a file is damaged or of another shape
     */
    public static float[] of(String column, Object value, int[] shape) {
        String where = "column '" + column + "'";
        if (value instanceof byte[] bytes) {
            return Pixels.of(where, bytes, shape, null);
        }
        Row image = (Row) value;
        Object[] fields = new Object[image.length()];
        for (int i = 0; i < fields.length; i++) {
            Object field = image.get(i);
            fields[i] = field instanceof String text ? UTF8String.fromString(text) : field;
        }
        return Pixels.of(where, new GenericInternalRow(fields), shape, null);
    }
}
