package io.etastar.table;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * One column of a table, and the inputs that it becomes.
 *
 * @param name of the column; a dotted name is a nested field if no column has that very name
 * @param kind of the column
 * @param scales of the numbers that a value gives, in order ({@link Kind}); of categories given as one input each, the share of rows
 *     of each; empty for embedded categories
 * @param gaps whether training rows lacked values: a further input says so, or, of categories, the lack is one of them
 * @param values of categories, sorted by code point; empty for other kinds and if they are hashed
 * @param buckets of hashed categories, 0 if they are not hashed
 */
public record ColumnEncoding(String name, Kind kind, List<Scale> scales, boolean gaps, List<String> values, int buckets)
        implements Serializable {
    /** Most categories, the missing one among them, that are given as one input each. */
    public static final int MOST_INPUTS = 8;

    private static final int WIDEST = 50;

    /** What a column holds. */
    public enum Kind {
        /** Numbers and booleans (0 and 1). */
        NUMBER,
        /** Dates: days since 1970, then sine and cosine of the year (365.2425 days) and of the week. */
        DATE,
        /** Timestamps: days since 1970 with their fraction, then sine and cosine of year, week and day, of UTC. */
        TIMESTAMP,
        /** Vectors or arrays of one length: their elements. */
        VECTOR,
        /** Texts, or other values chosen to be categories. */
        CATEGORY
    }

    /** Copies the lists. */
    public ColumnEncoding {
        scales = List.copyOf(scales);
        values = List.copyOf(values);
    }

    /** How many numbers a value of a kind other than vectors gives. */
    public static int derived(Kind kind) {
        return Calendar.numbers(kind);
    }

    /** The numbers of a value, a number or days since 1970, into {@code numbers} [derived]. */
    public static void derive(Kind kind, double value, double... numbers) {
        if (kind == Kind.NUMBER) {
            numbers[0] = value;
        } else {
            Calendar.fill(value, numbers);
        }
    }

    /** Length of the cycle that numbers 1 + 2 i and 2 + 2 i of a point in time tell, in days. */
    public static double cycle(int i) {
        return Calendar.DAYS[i];
    }

    /** Whether a value becomes an index of a table of embeddings, instead of numbers. */
    @JsonIgnore
    public boolean isEmbedded() {
        return kind == Kind.CATEGORY && scales.isEmpty();
    }

    /** Rows of the table of embeddings: the values or buckets, the missing one if there are gaps, and one for all that are unknown. */
    public int embeddingRows() {
        return (buckets > 0 ? buckets : values.size()) + (gaps ? 1 : 0) + 1;
    }

    /** Width of an embedding of n values: the smaller of 50 and 1.6 n^0.56, rounded up (the rule of fastai's tabular models). */
    public int embeddingWidth() {
        int n = embeddingRows() - 1;
        return (int) Math.min(WIDEST, Math.ceil(1.6 * Math.pow(n, 0.56)));
    }

    /** Names of the inputs that are numbers, in order; of an embedded column none. */
    public List<String> inputs() {
        List<String> names = new ArrayList<>();
        if (kind == Kind.CATEGORY) {
            for (int i = 0; i < scales.size(); i++) {
                names.add(name + " = " + (i < values.size() ? values.get(i) : "(missing)"));
            }
            return names;
        }
        for (int i = 0; i < scales.size(); i++) {
            names.add(
                    switch (kind) {
                        case NUMBER -> name;
                        case VECTOR -> name + "[" + i + "]";
                        default -> i == 0 ? name : name + " " + Calendar.NAMES.get(i - 1);
                    });
        }
        if (gaps) {
            names.add(name + " is missing");
        }
        return names;
    }
}
