package io.etastar.frame;

import io.etastar.table.ColumnEncoding;
import io.etastar.table.ColumnEncoding.Kind;
import io.etastar.table.Scale;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What one column's values are like: counted row by row, then added up over parts of the frame, in their order. */
final class ColumnSurvey implements Serializable {
    private static final long serialVersionUID = 1L;

    /** More categories than these shares of the rows are as good as names of the rows. */
    private static final double MOSTLY_DIFFERENT = 0.9;

    private static final int FEW_ROWS = 20;

    private final String name;
    private final Kind kind;
    private final boolean quantiles;
    private final int mostCategories;
    private final Map<String, Long> counts = new HashMap<>();
    private final DistinctNumbers distinct = new DistinctNumbers();
    private NumberSurvey[] numbers = {};
    private double[] scratch;
    private long rows;
    private long missing;
    private boolean many;
    private boolean mostlyDifferent;
    private String problem;

    /**
     * @param quantiles whether quantiles of numbers are needed
     * @param mostCategories from which on categories are hashed
     */
    ColumnSurvey(String name, Kind kind, boolean quantiles, int mostCategories) {
        this.name = name;
        this.kind = kind;
        this.quantiles = quantiles;
        this.mostCategories = mostCategories;
    }

    /** Adds a value, as {@link RawValues} gives it. */
    void add(Object value) {
        rows++;
        if (value == null || value instanceof Double number && number.isNaN()) {
            missing++;
        } else if (kind == Kind.CATEGORY) {
            category((String) value);
        } else if (kind == Kind.VECTOR) {
            vector((double[]) value);
        } else {
            number((Double) value);
        }
    }

    private void category(String value) {
        if (many) {
            return;
        }
        counts.merge(value, 1L, Long::sum);
        if (counts.size() > mostCategories) {
            tooMany();
        }
    }

    private void tooMany() {
        long counted = counts.values().stream().mapToLong(Long::longValue).sum();
        many = true;
        mostlyDifferent |= counts.size() >= MOSTLY_DIFFERENT * counted;
        counts.clear();
    }

    private void number(double value) {
        if (Double.isInfinite(value)) {
            problem = problem == null ? wrong(value, "finite numbers") : problem;
            return;
        }
        sized(numbersOf(kind));
        distinct.add(value);
        ColumnEncoding.derive(kind, value, scratch);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i].add(scratch[i]);
        }
    }

    private static int numbersOf(Kind kind) {
        return ColumnEncoding.derived(kind);
    }

    private void vector(double... values) {
        if (numbers.length == 0) {
            sized(values.length);
        }
        if (values.length != numbers.length) {
            problem = problem == null ? FrameReader.lengths(name, numbers.length, values.length) : problem;
            return;
        }
        boolean whole = true;
        for (int i = 0; i < values.length; i++) {
            if (Double.isNaN(values[i])) {
                whole = false;
            } else if (Double.isInfinite(values[i])) {
                problem = problem == null ? wrong(values[i], "finite numbers") : problem;
            } else {
                numbers[i].add(values[i]);
            }
        }
        missing += whole ? 0 : 1;
    }

    private void sized(int length) {
        if (numbers.length == 0) {
            numbers = IntStream.range(0, length)
                    .mapToObj(i -> new NumberSurvey(quantiles))
                    .toArray(NumberSurvey[]::new);
            scratch = new double[length];
        }
    }

    private String wrong(Object found, String expected) {
        return "column '" + name + "': found " + found + ", expected " + expected;
    }

    /** This and the survey of rows behind. */
    ColumnSurvey plus(ColumnSurvey next) {
        rows += next.rows;
        missing += next.missing;
        distinct.add(next.distinct);
        problem = problem == null ? next.problem : problem;
        mostlyDifferent |= next.mostlyDifferent;
        if (many || next.many) {
            many = true;
            counts.clear();
        } else {
            next.counts.forEach((value, count) -> counts.merge(value, count, Long::sum));
            if (counts.size() > mostCategories) {
                tooMany();
            }
        }
        if (numbers.length == 0) {
            numbers = next.numbers;
        } else if (next.numbers.length == numbers.length) {
            for (int i = 0; i < numbers.length; i++) {
                numbers[i].add(next.numbers[i]);
            }
        } else if (next.numbers.length > 0 && problem == null) {
            problem = FrameReader.lengths(name, numbers.length, next.numbers.length);
        }
        return this;
    }

    /** What is wrong with the column, a message for the user, or null. */
    String problem() {
        return problem;
    }

    String name() {
        return name;
    }

    /** Rows, and those without a value. */
    long rows() {
        return rows;
    }

    long missing() {
        return missing;
    }

    /** Whether each row has a whole number of its own, without gaps, such as an index. */
    boolean isLikeNamesOfRows() {
        return kind == Kind.NUMBER && missing == 0 && distinct.likeRows();
    }

    /** Why the column tells nothing about other rows, or null. */
    String reasonToLeaveOut() {
        if (kind != Kind.CATEGORY) {
            return null;
        }
        long present = rows - missing;
        boolean different = many ? mostlyDifferent : counts.size() >= MOSTLY_DIFFERENT * present;
        return different && present >= FEW_ROWS ? "nearly every row has a text of its own" : null;
    }

    /**
     * The column's encoding.
     *
     * @param scaling standard, robust, quantile or none
     */
    ColumnEncoding encoding(String scaling) {
        boolean gaps = missing > 0;
        if (kind != Kind.CATEGORY) {
            sized(numbersOf(kind));
            List<Scale> scales =
                    Arrays.stream(numbers).map(number -> number.scale(scaling)).toList();
            return new ColumnEncoding(name, kind, scales, gaps, List.of(), 0);
        }
        if (many) {
            return new ColumnEncoding(name, kind, List.of(), gaps, List.of(), mostCategories);
        }
        List<String> values = counts.keySet().stream().sorted().toList();
        boolean asInputs = values.size() + (gaps ? 1 : 0) <= ColumnEncoding.MOST_INPUTS;
        return new ColumnEncoding(name, kind, asInputs ? shares(values, gaps) : List.of(), gaps, values, 0);
    }

    private List<Scale> shares(List<String> values, boolean gaps) {
        List<Scale> scales = new ArrayList<>();
        for (String value : values) {
            scales.add(Scale.linear((double) counts.get(value) / rows, 1));
        }
        if (gaps) {
            scales.add(Scale.linear((double) missing / rows, 1));
        }
        return scales;
    }
}
