package io.etastar.frame;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.rint;
import static org.apache.spark.sql.functions.when;

import io.etastar.UserError;
import io.etastar.table.ClassValues;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a frame are what.
 *
 * @param features one column of vectors, arrays of numbers, bytes (0 to 255, scaled to [0, 1], or those of a PNG or JPEG file of
 *     {@code featureShape}) or Spark's images (their channels in the order RGB), or any number of numeric ones
 * @param label column of classes (texts, booleans, numbers; class indices 0, 1, ... among them), of numbers, or of vectors or arrays
 *     of numbers; null if a row's targets are its features
 * @param weight numeric column of weights, finite and not negative; null if all are 1
 * @param classes number of classes, {@link #FOUND} for what the labels say, 0 if labels are no classes
 * @param featureShape shape of a row's features, images as [C, H, W]; null for one axis, and for Spark's images that of
 *     the first row
 * @param values of the label that are classes; null if these rows are to say
 * @param classWeights factor of the weight of the rows of each class; empty if all are 1
 * @param group integer column, the index of a row's group ({@link FrameGroups}); null if rows are in no groups
 */
public record FrameColumns(
        List<String> features,
        String label,
        String weight,
        int classes,
        int[] featureShape,
        @Nullable ClassValues values,
        List<Double> classWeights,
        @Nullable String group)
        implements Serializable {
    /** The number of classes is that of the labels' values. */
    public static final int FOUND = -1;

    /** The kinds of columns of features and labels. */
    enum Kind {
        VECTOR,
        ARRAY,
        BINARY,
        IMAGE,
        NUMBER,
        TEXT
    }

    /** Copies the lists. */
    public FrameColumns {
        features = List.copyOf(features);
        featureShape = featureShape == null ? null : featureShape.clone();
        classWeights = List.copyOf(classWeights);
    }

    /** Columns whose rows say which classes there are. */
    public FrameColumns(List<String> features, String label, String weight, int classes, int[] featureShape) {
        this(features, label, weight, classes, featureShape, null, List.of(), null);
    }

    /** One column of features and one of labels. */
    public static FrameColumns of(String features, String label, int classes) {
        return new FrameColumns(List.of(features), label, null, classes, null);
    }

    /** One column of features and one of class indices 0, 1, ...; other labels are refused. */
    public static FrameColumns ofIndices(String features, String label, int classes) {
        return of(features, label, classes).withClasses(classes, ClassValues.INDICES);
    }

    /** These with a column of weights. */
    public FrameColumns withWeight(String column) {
        return new FrameColumns(features, label, column, classes, featureShape, values, classWeights, group);
    }

    /** These with weights of classes. */
    public FrameColumns withClassWeights(List<Double> weights) {
        return new FrameColumns(features, label, weight, classes, featureShape, values, weights, group);
    }

    /**
     * These with classes that are known; if labels are no classes, these.
     *
     * @param count how many there are
     * @param known values of labels that are classes
     */
    public FrameColumns withClasses(int count, ClassValues known) {
        return hasClasses()
                ? new FrameColumns(features, label, weight, count, featureShape, known, classWeights, group)
                : this;
    }

    private FrameColumns withValues(ClassValues known) {
        return withClasses(known.names().size(), known);
    }

    /** These with one other column of features, along one axis. */
    FrameColumns withFeatures(String column) {
        return new FrameColumns(List.of(column), label, weight, classes, null, values, classWeights, group);
    }

    /** These with features of a shape. */
    public FrameColumns withShape(int... shape) {
        return new FrameColumns(features, label, weight, classes, shape, values, classWeights, group);
    }

    /** These with a column of the rows' groups. */
    public FrameColumns withGroup(String column) {
        return new FrameColumns(features, label, weight, classes, featureShape, values, classWeights, column);
    }

    boolean hasClasses() {
        return classes != 0;
    }

    /** The features' column or columns, for messages. */
    String featureName() {
        return features.size() == 1 ? features.get(0) : features.get(0) + ".." + features.get(features.size() - 1);
    }

    Kind featureKind(StructType schema) {
        if (features.size() > 1) {
            features.forEach(name -> number(schema, name));
            return Kind.ARRAY;
        }
        String name = features.get(0);
        Kind kind = kind(field(schema, name));
        if (kind == null || kind == Kind.TEXT) {
            throw wrongType(schema, name, "vectors, arrays of numbers, bytes, images or numbers");
        }
        return kind == Kind.NUMBER ? Kind.ARRAY : kind;
    }

    Kind labelKind(StructType schema) {
        Kind kind = kind(field(schema, label));
        if (hasClasses()) {
            return classKind(schema, kind);
        }
        if (kind != Kind.NUMBER && kind != Kind.VECTOR && kind != Kind.ARRAY) {
            throw wrongType(schema, label, "numbers, vectors or arrays of numbers");
        }
        return kind;
    }

    private Kind classKind(StructType schema, Kind kind) {
        boolean logical = field(schema, label).dataType().equals(DataTypes.BooleanType);
        boolean fits = values == null
                ? kind == Kind.TEXT || kind == Kind.NUMBER
                : switch (values.kind()) {
                    case TEXT -> kind == Kind.TEXT || kind == Kind.NUMBER;
                    case BOOLEAN -> logical;
                    case NUMBER, INDEX -> kind == Kind.NUMBER;
                };
        if (!fits) {
            String expected = values == null
                    ? "texts, booleans or numbers"
                    : values.areIndices() ? "class indices 0, 1, ..." : "one of " + UserError.names(values.names());
            throw wrongType(schema, label, expected + (values == null ? "" : ", as in the training rows"));
        }
        return values != null && values.kind() == ClassValues.Kind.TEXT ? Kind.TEXT : kind;
    }

    /** Class names without a kind name the classes of rows that hold indices, unless the names are numbers. */
    FrameColumns withIndices(StructType schema) {
        boolean texts = hasClasses() && values != null && values.kind() == ClassValues.Kind.TEXT;
        boolean indices = texts
                && kind(field(schema, label)) == Kind.NUMBER
                && !values.names().stream().allMatch(name -> name.matches("-?[0-9.]+(E-?[0-9]+)?"));
        return indices ? withClasses(classes, ClassValues.INDICES) : this;
    }

    /** These with the classes of a column of texts or booleans. Texts take one Spark job. */
    FrameColumns withNamedClasses(Dataset<Row> frame) {
        if (!hasClasses() || values != null) {
            return this;
        }
        if (labelKind(frame.schema()) == Kind.TEXT) {
            return withFound(frame);
        }
        if (!field(frame.schema(), label).dataType().equals(DataTypes.BooleanType)) {
            return this;
        }
        if (classes != FOUND && classes != 2) {
            throw new UserError(
                    UserError.Subject.column(label), "2 values: 'false', 'true'", classes + ", one for each class");
        }
        return withValues(ClassValues.BOOLEANS);
    }

    /** These with the values of the labels that are classes. One Spark job. */
    FrameColumns withFound(Dataset<Row> frame) {
        boolean text = labelKind(frame.schema()) == Kind.TEXT;
        Column labels = FrameField.column(frame.schema(), label).cast(text ? "string" : "double");
        return withValues(new LabelClasses(label, text).find(frame, labels, classes));
    }

    /** Whether rows that say which classes there are have all class indices up to the largest. */
    boolean areAllPresent(BitSet indices) {
        return classes != FOUND || values != null || indices.cardinality() == indices.length();
    }

    /** These with the shape of the first row's image if features are Spark's images and no shape is given. */
    FrameColumns withShapeOf(Dataset<Row> frame) {
        if (featureShape != null || featureKind(frame.schema()) != Kind.IMAGE) {
            return this;
        }
        Column image = FrameField.column(frame.schema(), features.get(0));
        Row first = frame
                .select(
                        image.getField("nChannels").cast("int"),
                        image.getField("height").cast("int"),
                        image.getField("width").cast("int"))
                .na()
                .drop()
                .takeAsList(1)
                .stream()
                .findFirst()
                .orElse(null);
        return first == null ? this : withShape(first.getInt(0), first.getInt(1), first.getInt(2));
    }

    /**
     * Whether features are a table's numbers that single precision may not hold: they are kept in double precision until they
     * are standardised.
     */
    boolean isWide(StructType schema) {
        boolean table = label != null && (featureShape == null || featureShape.length == 1);
        return table
                && switch (featureKind(schema)) {
                    case VECTOR -> true;
                    case ARRAY ->
                        features.stream()
                                .anyMatch(name -> isWide(field(schema, name).dataType()));
                    default -> false;
                };
    }

    private static boolean isWide(DataType type) {
        DataType number = type instanceof ArrayType array ? array.elementType() : type;
        return !(number.equals(DataTypes.FloatType)
                || number.equals(DataTypes.ShortType)
                || number.equals(DataTypes.ByteType)
                || number.equals(DataTypes.BooleanType));
    }

    /** Features, label, weight and group, in this order, each in the one form in which it is read; rows of a group are together. */
    Dataset<Row> select(Dataset<Row> frame) {
        StructType schema = frame.schema();
        List<Column> columns = new ArrayList<>();
        Kind features = featureKind(schema);
        columns.add(features == Kind.ARRAY ? asArray(schema) : FrameField.column(schema, this.features.get(0)));
        if (label != null) {
            Kind kind = labelKind(schema);
            Column column = FrameField.column(schema, label);
            columns.add(
                    switch (kind) {
                        case NUMBER -> column.cast("double");
                        case TEXT -> asText(column, field(schema, label).dataType());
                        case ARRAY -> column.cast("array<float>");
                        default -> column;
                    });
        }
        if (weight != null) {
            number(schema, weight);
            columns.add(FrameField.column(schema, weight).cast("double"));
        }
        if (group == null) {
            return frame.select(columns.toArray(Column[]::new));
        }
        columns.add(FrameField.column(schema, group));
        return frame.select(columns.toArray(Column[]::new)).sortWithinPartitions(FrameField.column(schema, group));
    }

    /** Labels as the names of classes: whole numbers without a fraction, as {@link ClassValues#text} has them. */
    private static Column asText(Column column, DataType type) {
        boolean fractions = type.equals(DataTypes.DoubleType) || type.equals(DataTypes.FloatType);
        Column whole = column.cast("long").cast("string");
        return fractions
                ? when(column.equalTo(rint(column)).and(abs(column).lt(1L << 53)), whole)
                        .otherwise(column.cast("string"))
                : column.cast("string");
    }

    private Column asArray(StructType schema) {
        String type = isWide(schema) ? "double" : "float";
        if (field(schema, features.get(0)).dataType() instanceof ArrayType) {
            return FrameField.column(schema, features.get(0)).cast("array<" + type + ">");
        }
        return array(features.stream()
                .map(name -> FrameField.column(schema, name).cast(type))
                .toArray(Column[]::new));
    }

    private static void number(StructType schema, String name) {
        if (kind(field(schema, name)) != Kind.NUMBER) {
            throw wrongType(schema, name, "numbers");
        }
    }

    private static StructField field(StructType schema, String name) {
        StructField found = FrameField.find(schema, name);
        if (found == null) {
            throw new UserError(
                    UserError.Subject.column(name),
                    "none of that name",
                    "one of " + UserError.names(List.of(schema.fieldNames())));
        }
        return found;
    }

    private static Kind kind(StructField field) {
        DataType type = field.dataType();
        if (type instanceof VectorUDT) {
            return Kind.VECTOR;
        } else if (type instanceof ArrayType array && array.elementType() instanceof NumericType) {
            return Kind.ARRAY;
        } else if (type instanceof BinaryType) {
            return Kind.BINARY;
        } else if (type instanceof StructType struct
                && Arrays.equals(struct.fieldNames(), ImageSchema.columnSchema().fieldNames())) {
            return Kind.IMAGE;
        }
        if (type instanceof StringType) {
            return Kind.TEXT;
        }
        return type instanceof NumericType || type.equals(DataTypes.BooleanType) ? Kind.NUMBER : null;
    }

    private static UserError wrongType(StructType schema, String name, String expected) {
        return new UserError(
                UserError.Subject.column(name), field(schema, name).dataType().catalogString(), expected);
    }
}
