package io.etastar.frame;

import io.etastar.UserError;
import io.etastar.frame.FrameColumns.Kind;
import io.etastar.table.ClassValues;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.unsafe.types.UTF8String;

/** Reads one row of {@link FrameColumns#select} after the other. */
final class FrameReader implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final VectorUDT VECTORS = new VectorUDT();
    private static final int VECTOR_FIELDS = 4;
    private static final int IMAGE_FIELDS = 6;

    /** Sums of weighted losses and derivatives stay finite, and do not vanish, in single precision. */
    private static final String CLASS_WEIGHTS = "parameter data.class_weights";

    private static final double LEAST_WEIGHT = 1e-20;

    private static final double MOST_WEIGHT = 1e20;

    /** Indices from here on are no indices: so many classes nobody has. */
    private static final int MOST_INDEX = 1 << 20;

    /** The problem of labels that are no class indices, if they are not known to be such: their values are to be found. */
    static final String OTHER_LABELS = "labels that are no class indices";

    private final String features;
    /** Columns of features if there are several, each of one number. */
    private final List<String> names;

    private final Kind featureKind;
    private final String label;
    private final Kind labelKind;
    private final String weight;
    private final int classes;
    private final ClassValues values;
    private final List<Double> classWeights;
    private final int[] shape;
    private final boolean wide;
    /** Place of the column of groups; -1 if there is none. */
    private final int groupOrdinal;

    private transient Map<Object, Integer> indices;

    /** Values of the row last read; overwritten by the next. Null if features are wide. */
    transient float[] featureValues;
    /** The same in double precision; null unless features are wide. */
    transient double[] wideValues;

    transient float[] targetValues;
    transient double weightValue;
    /** The index of the row's group; 0 without groups. */
    transient int groupValue;

    /** @param wide whether features are kept in double precision */
    FrameReader(FrameColumns columns, Kind featureKind, Kind labelKind, boolean wide) {
        features = columns.featureName();
        names = columns.features().size() > 1 ? columns.features() : List.of();
        label = columns.label();
        weight = columns.weight();
        classes = columns.classes();
        values = columns.values();
        classWeights = columns.classWeights();
        shape = columns.featureShape();
        this.featureKind = featureKind;
        this.labelKind = labelKind;
        this.wide = wide;
        groupOrdinal = columns.group() == null ? -1 : 1 + (label == null ? 0 : 1) + (weight == null ? 0 : 1);
    }

    boolean hasWeights() {
        return weight != null || !classWeights.isEmpty();
    }

    boolean hasGroups() {
        return groupOrdinal >= 0;
    }

    boolean isWide() {
        return wide;
    }

    /** Whether rows are to say which class indices there are. */
    boolean findsClasses() {
        return classes == FrameColumns.FOUND && values == null;
    }

    /** Elements of the features of the row last read. */
    int featureLength() {
        return wide ? wideValues.length : featureValues.length;
    }

    String lengthsOfFeatures(int first) {
        return lengths(features, first, featureLength());
    }

    String lengthsOfTargets(int first) {
        return lengths(label, first, targetValues.length);
    }

    static String lengths(String column, int first, int other) {
        return "column '" + column + "': found rows of " + first + " and of " + other
                + " elements, expected the same number in all";
    }

    /** Reads a row; what is wrong with it, or null. */
    String read(InternalRow row) {
        int ordinal = 0;
        String problem;
        try {
            problem = wide ? readWide(row, ordinal++) : readNarrow(row, ordinal++);
        } catch (UserError damaged) {
            return damaged.getMessage();
        }
        if (problem == null && label == null) {
            targetValues = featureValues;
        } else if (problem == null && classes != 0) {
            problem = readClass(row, ordinal++);
        } else if (problem == null) {
            targetValues = values(row, ordinal++, labelKind, targetValues);
            problem = problem(label, targetValues);
        }
        if (problem == null && hasWeights()) {
            problem = readWeight(row, ordinal);
        }
        return problem == null && hasGroups() ? readGroup(row) : problem;
    }

    private String readGroup(InternalRow row) {
        if (row.isNullAt(groupOrdinal)) {
            return "groups: found another one when the rows were read again, expected those that were found first (the frame is"
                    + " not the same each time it is computed: write it to files and read those)";
        }
        groupValue = row.getInt(groupOrdinal);
        return null;
    }

    private String readWeight(InternalRow row, int ordinal) {
        boolean missing = weight != null && row.isNullAt(ordinal);
        weightValue = weight == null ? 1 : missing ? Double.NaN : row.getDouble(ordinal);
        if (!classWeights.isEmpty()) {
            weightValue *= classWeights.get((int) targetValues[0]);
        }
        if (!(weightValue >= 0 && weightValue < Double.POSITIVE_INFINITY)) {
            return weightsName() + ": found " + (missing ? "null" : weightValue)
                    + ", expected finite numbers that are not negative";
        }
        return weightValue > MOST_WEIGHT || weightValue > 0 && weightValue < LEAST_WEIGHT
                ? weightsName() + ": found " + weightValue + ", expected 0 or numbers from " + LEAST_WEIGHT + " to "
                        + MOST_WEIGHT
                : null;
    }

    private String weightsName() {
        String column = "column '" + weight + "'";
        return classWeights.isEmpty() ? column : weight == null ? CLASS_WEIGHTS : CLASS_WEIGHTS + " times " + column;
    }

    private String readNarrow(InternalRow row, int ordinal) {
        featureValues = values(row, ordinal, featureKind, featureValues);
        String problem = problem(features, featureValues);
        return problem == null || names.isEmpty() ? problem : problemOfOne(row.getArray(ordinal));
    }

    /** What is wrong with the first of several columns that has no finite value. */
    private String problemOfOne(ArrayData array) {
        for (int i = 0; i < array.numElements(); i++) {
            String problem = array.isNullAt(i)
                    ? problem(names.get(i), null)
                    : wide
                            ? wideProblem(names.get(i), new double[] {array.getDouble(i)})
                            : problem(names.get(i), new float[] {array.getFloat(i)});
            if (problem != null) {
                return problem;
            }
        }
        throw new IllegalStateException("every column of " + features + " has a value");
    }

    private String readWide(InternalRow row, int ordinal) {
        wideValues = row.isNullAt(ordinal)
                ? null
                : featureKind == Kind.VECTOR
                        ? wide(vector(row, ordinal), wideValues)
                        : wide(row.getArray(ordinal), wideValues);
        String problem = wideProblem(features, wideValues);
        return problem == null || names.isEmpty() ? problem : problemOfOne(row.getArray(ordinal));
    }

    /** Reads a label as the index of its class. */
    private String readClass(InternalRow row, int ordinal) {
        if (row.isNullAt(ordinal)) {
            return problem(label, null);
        }
        if (labelKind != Kind.TEXT && !Double.isFinite(row.getDouble(ordinal))) {
            return wrong(label, row.getDouble(ordinal), "finite numbers");
        }
        targetValues = sized(targetValues, 1);
        boolean named =
                values != null && (values.kind() == ClassValues.Kind.TEXT || values.kind() == ClassValues.Kind.NUMBER);
        return named ? readNamed(row, ordinal) : readIndex(row.getDouble(ordinal));
    }

    private String readIndex(double value) {
        int most = classes > 0 ? classes : MOST_INDEX;
        if (!(value >= 0 && value < most) || value != Math.rint(value)) {
            return values == null
                    ? OTHER_LABELS
                    : wrong(label, ClassValues.text(value), "class indices 0 to " + (most - 1));
        }
        targetValues[0] = (float) value;
        return null;
    }

    private String readNamed(InternalRow row, int ordinal) {
        if (indices == null) {
            indices = new HashMap<>();
            for (String name : values.names()) {
                Object key = labelKind == Kind.TEXT ? UTF8String.fromString(name) : (Object) Double.valueOf(name);
                indices.put(key, indices.size());
            }
        }
        Object value = labelKind == Kind.TEXT ? row.getUTF8String(ordinal) : (Object) (row.getDouble(ordinal) + 0.0);
        Integer index = indices.get(value);
        if (index == null) {
            String text = value instanceof Double number ? ClassValues.text(number) : value.toString();
            return wrong(
                    label,
                    "'" + text + "'",
                    "one of " + UserError.names(values.names()) + ", the classes of the training rows");
        }
        targetValues[0] = index;
        return null;
    }

    private static String problem(String column, float[] values) {
        if (values == null) {
            return wrong(column, "null", "a value in every row (na.drop() leaves such rows out)");
        }
        if (values.length == 0) {
            return wrong(column, "a row of no elements", "at least one");
        }
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return wrong(column, value, "finite numbers of single precision");
            }
        }
        return null;
    }

    /** Numbers beyond single precision are refused, though they are standardised in double. */
    private static String wideProblem(String column, double[] values) {
        if (values == null || values.length == 0) {
            return problem(column, values == null ? null : new float[0]);
        }
        for (double value : values) {
            if (!(Math.abs(value) <= Float.MAX_VALUE)) {
                return wrong(column, value, "finite numbers of single precision");
            }
        }
        return null;
    }

    private static String wrong(String column, Object found, String expected) {
        return "column '" + column + "': found " + found + ", expected " + expected;
    }

    /** The values at {@code ordinal}, in {@code into} if it has their length; null if one is missing. */
    private float[] values(InternalRow row, int ordinal, Kind kind, float[] into) {
        if (row.isNullAt(ordinal)) {
            return null;
        }
        return switch (kind) {
            case NUMBER -> {
                float[] values = sized(into, 1);
                values[0] = (float) row.getDouble(ordinal);
                yield values;
            }
            case VECTOR -> values(vector(row, ordinal), into);
            case BINARY -> Pixels.of("column '" + features + "'", row.getBinary(ordinal), shape, into);
            case IMAGE -> Pixels.of("column '" + features + "'", row.getStruct(ordinal, IMAGE_FIELDS), shape, into);
            default -> values(row.getArray(ordinal));
        };
    }

    private static Vector vector(InternalRow row, int ordinal) {
        return VECTORS.deserialize(row.getStruct(ordinal, VECTOR_FIELDS));
    }

    private static double[] wide(Vector vector, double[] into) {
        if (!(vector instanceof SparseVector sparse)) {
            return vector.toArray();
        }
        double[] values = into != null && into.length == sparse.size() ? into : new double[sparse.size()];
        Arrays.fill(values, 0);
        for (int i = 0; i < sparse.indices().length; i++) {
            values[sparse.indices()[i]] = sparse.values()[i];
        }
        return values;
    }

    /** Null if an element is missing. */
    private static double[] wide(ArrayData array, double[] into) {
        int length = array.numElements();
        double[] values = into != null && into.length == length ? into : new double[length];
        for (int i = 0; i < length; i++) {
            if (array.isNullAt(i)) {
                return null;
            }
            values[i] = array.getDouble(i);
        }
        return values;
    }

    static float[] sized(float[] into, int length) {
        return into != null && into.length == length ? into : new float[length];
    }

    private static float[] values(Vector vector, float[] into) {
        float[] values = sized(into, vector.size());
        if (vector instanceof SparseVector sparse) {
            Arrays.fill(values, 0);
            for (int i = 0; i < sparse.indices().length; i++) {
                values[sparse.indices()[i]] = (float) sparse.values()[i];
            }
        } else {
            double[] wide = vector.toArray();
            for (int i = 0; i < wide.length; i++) {
                values[i] = (float) wide[i];
            }
        }
        return values;
    }

    private static float[] values(ArrayData array) {
        for (int i = 0; i < array.numElements(); i++) {
            if (array.isNullAt(i)) {
                return null;
            }
        }
        return array.toFloatArray();
    }
}
