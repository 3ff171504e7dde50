package io.etastar.table;

import java.io.Serializable;
import java.util.List;

/**
 * How rows of a table become inputs of a network: part of a trained model. Inputs are all numbers, column by column, then one index for
 * each embedded column.
 *
 * @param columns in order
 * @param invalid what happens to rows without a value, or with an unknown category
 */
public record TableEncoding(List<ColumnEncoding> columns, Invalid invalid) implements Serializable {
    /** Handling of missing values and unknown categories, with Spark ML's names. */
    public enum Invalid {
        /** One line names column and value. */
        ERROR,
        /** A missing number is the mean, an unknown category has a row of its own. */
        KEEP,
        /** The row is left out. */
        SKIP;

        /** The value of that name in lower case. */
        public static Invalid of(String name) {
            return valueOf(name.toUpperCase(java.util.Locale.ROOT));
        }
    }

    /** Copies the list. */
    public TableEncoding {
        columns = List.copyOf(columns);
    }

    /** Inputs that are numbers. */
    public int numbers() {
        return columns.stream().mapToInt(column -> column.inputs().size()).sum();
    }

    /** All inputs of a row. */
    public int width() {
        return numbers() + embedded().size();
    }

    /** Columns whose values are indices of embeddings, in order. */
    public List<ColumnEncoding> embedded() {
        return columns.stream().filter(ColumnEncoding::isEmbedded).toList();
    }

    /** Names of the columns. */
    public List<String> names() {
        return columns.stream().map(ColumnEncoding::name).toList();
    }

    /** The same with another handling of what is missing or unknown. */
    public TableEncoding with(Invalid other) {
        return new TableEncoding(columns, other);
    }
}
