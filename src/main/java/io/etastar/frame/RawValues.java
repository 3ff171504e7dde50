package io.etastar.frame;

import io.etastar.table.ColumnEncoding.Kind;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.CharType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.types.VarcharType;

/** Values of a table's columns, from Catalyst's form to that of {@link io.etastar.table.TableEncoder}. */
final class RawValues {
    private static final VectorUDT VECTORS = new VectorUDT();
    private static final double MICROSECONDS_OF_A_DAY = 86_400e6;

    private RawValues() {}

    /** The kind of a column of that type; null if a table has no use for it. */
    static Kind kind(DataType type) {
        if (type instanceof NumericType || type instanceof BooleanType) {
            return Kind.NUMBER;
        } else if (type instanceof StringType || type instanceof CharType || type instanceof VarcharType) {
            return Kind.CATEGORY;
        } else if (type instanceof DateType) {
            return Kind.DATE;
        } else if (type instanceof TimestampType || type instanceof TimestampNTZType) {
            return Kind.TIMESTAMP;
        }
        boolean numbers = type instanceof ArrayType array && array.elementType() instanceof NumericType;
        return numbers || type.equals(SQLDataTypes.VectorType()) ? Kind.VECTOR : null;
    }

    /** Whether a column of that type can be read as one of a kind. */
    static boolean fits(DataType type, Kind kind) {
        Kind own = kind(type);
        return own == kind || kind == Kind.CATEGORY && own != null && own != Kind.VECTOR;
    }

    /**
     * A value: Double, String, double[] or null.
     *
     * @param value as Catalyst holds it, or null
     * @param type of the column; arrays are of doubles
     */
    static Object of(Object value, DataType type, Kind kind) {
        if (value == null) {
            return null;
        }
        return switch (kind) {
            case CATEGORY -> text(value, type);
            case VECTOR ->
                type instanceof ArrayType
                        ? array((ArrayData) value)
                        : VECTORS.deserialize((InternalRow) value).toArray();
            case TIMESTAMP -> (Long) value / MICROSECONDS_OF_A_DAY;
            default -> number(value);
        };
    }

    private static Double number(Object value) {
        if (value instanceof Boolean truth) {
            return truth ? 1.0 : 0.0;
        }
        return value instanceof Decimal decimal ? decimal.toDouble() : ((Number) value).doubleValue();
    }

    /** Whole numbers without a point, whatever their type: 3 and 3.0 are one category. */
    private static String text(Object value, DataType type) {
        if (type instanceof NumericType) {
            double number = number(value);
            boolean whole = number == Math.rint(number) && Math.abs(number) < 1L << 53;
            return Double.isNaN(number) ? null : whole ? Long.toString((long) number) : Double.toString(number);
        }
        if (type.equals(DataTypes.DateType)) {
            return java.time.LocalDate.ofEpochDay((Integer) value).toString();
        }
        return value.toString();
    }

    private static double[] array(ArrayData values) {
        double[] numbers = new double[values.numElements()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = values.isNullAt(i) ? Double.NaN : values.getDouble(i);
        }
        return numbers;
    }
}
