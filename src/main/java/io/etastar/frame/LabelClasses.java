package io.etastar.frame;

import io.etastar.UserError;
import io.etastar.spark.rows.Carried;
import io.etastar.table.ClassValues;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.jspecify.annotations.Nullable;

/** Finds the classes of a column of labels: its distinct values, in order. */
final class LabelClasses {
    private static final int MOST = 1000;
    private static final int MOST_FRACTIONS = 100;
    private static final double LARGEST_WHOLE = 1L << 53;
    private static final String NUMBERS = "; numbers as targets are for NeuralNetworkRegressor, or model.loss = mse";

    private final String column;
    private final boolean text;

    /** @param text whether labels are texts; numbers otherwise */
    LabelClasses(String column, boolean text) {
        this.column = column;
        this.text = text;
    }

    /**
     * The classes of a frame. One Spark job of one pass.
     *
     * @param labels one column of texts or doubles
     * @param expected number of classes, or {@link FrameColumns#FOUND}
     * @throws UserError if there are others, or more than classes may have, or a label is missing
     */
    ClassValues find(Dataset<Row> frame, Column labels, int expected) {
        List<Carried<Part>> parts = frame.select(labels)
                .queryExecution()
                .toRdd()
                .toJavaRDD()
                .mapPartitions(new Distinct(text)::call)
                .collect();
        TreeSet<Comparable<?>> all = new TreeSet<>();
        for (Carried<Part> part : parts) {
            if (part.value().missing != null) {
                throw wrong(
                        part.value().missing,
                        part.value().missing.equals("null")
                                ? "a value in every row (na.drop() leaves such rows out)"
                                : "finite numbers");
            }
            all.addAll(part.value().values);
        }
        List<String> names = new ArrayList<>();
        all.forEach(value -> names.add(value instanceof Double number ? ClassValues.text(number) : value.toString()));
        check(all, names, expected);
        return new ClassValues(text ? ClassValues.Kind.TEXT : ClassValues.Kind.NUMBER, names);
    }

    private void check(TreeSet<Comparable<?>> values, List<String> names, int expected) {
        boolean fractions = values.stream().anyMatch(value -> value instanceof Double number && isFraction(number));
        int most = fractions ? MOST_FRACTIONS : MOST;
        if (names.size() > most) {
            throw wrong(
                    "more than " + most + " values: " + UserError.names(names.subList(0, 10)) + ", ...",
                    "classes, at most " + most + (text ? "" : NUMBERS));
        }
        for (Comparable<?> value : values) {
            // From here on several whole numbers are one double.
            if (value instanceof Double number && Math.abs(number) >= LARGEST_WHOLE) {
                throw wrong("'" + number + "'", "numbers below 2^53, or texts");
            }
        }
        if (names.isEmpty()) {
            throw wrong("no rows", "at least one");
        }
        String found = names.size() + (names.size() == 1 ? " value: " : " values: ") + UserError.names(names);
        if (expected == FrameColumns.FOUND && names.size() == 1) {
            throw wrong(found, "at least two classes" + (text ? "" : NUMBERS));
        }
        if (expected != FrameColumns.FOUND && names.size() != expected) {
            throw wrong(
                    found,
                    expected + ", one for each class" + (text ? "" : ", or class indices 0 to " + (expected - 1)));
        }
    }

    private static boolean isFraction(double value) {
        return value != Math.rint(value);
    }

    private UserError wrong(String found, String expected) {
        return new UserError(UserError.Subject.column(column), found, expected);
    }

    /** Values of a partition, and what stands in place of one, or null. */
    private record Part(
            TreeSet<Comparable<?>> values, @Nullable String missing) implements Serializable {}

    /** Distinct values of a partition, one more than classes may have at most. */
    private record Distinct(boolean text) implements Serializable {
        Iterator<Carried<Part>> call(Iterator<InternalRow> rows) {
            TreeSet<Comparable<?>> values = new TreeSet<>();
            String missing = null;
            while (rows.hasNext() && values.size() <= MOST && missing == null) {
                InternalRow row = rows.next();
                if (row.isNullAt(0)) {
                    missing = "null";
                } else if (text) {
                    // In the order of code points; the row is used again.
                    values.add(row.getUTF8String(0).clone());
                } else if (Double.isFinite(row.getDouble(0))) {
                    // Adding 0 makes 0 of -0.
                    values.add(row.getDouble(0) + 0.0);
                } else {
                    missing = String.valueOf(row.getDouble(0));
                }
            }
            return List.of(Carried.of(new Part(values, missing))).iterator();
        }
    }
}
