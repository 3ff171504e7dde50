package io.etastar.spark.rows;

import io.etastar.data.RowSplit;
import java.util.Arrays;

/**
 * Where the rows of summaries come from.
 *
 * @param kind drawn: batches of their own from the training rows; batch: the training batch of the step; apart: rows that are
 *     not trained on; own: a data set of their own
 * @param share apart: share of the training rows that is kept apart
 * @param own rows of that data set
 */
public record SummaryRows(String kind, double share, int own) {
    private static final String OWN = "own";

    /** Batches of their own from the training rows. */
    public static final SummaryRows DRAWN = new SummaryRows("drawn", 0);

    /** Rows of the training rows. */
    public SummaryRows(String kind, double share) {
        this(kind, share, 0);
    }

    /** Rows of a data set of {@code count} rows. */
    public static SummaryRows own(int count) {
        return new SummaryRows(OWN, 0, count);
    }

    /** Whether summaries have a data set of their own. */
    public boolean areOwn() {
        return kind.equals(OWN);
    }

    /** Whether summaries take the training batch of the step. */
    public boolean ofTheStep() {
        return kind.equals("batch");
    }

    /** Which rows are not trained on, those of a data set of its own behind the training rows; null if none are. */
    public RowSplit split(int[] rowsPerPartition, long seed) {
        if (areOwn()) {
            return RowSplit.behind(rowsPerPartition, ShardedData.rowsPerPartition(own, rowsPerPartition.length));
        }
        return kind.equals("apart") ? new RowSplit(rowsPerPartition, share, seed) : null;
    }

    /** Rows to train on, of {@code rows} in {@code partitions} shards. */
    public int trainingRows(int rows, int partitions) {
        RowSplit split = split(ShardedData.rowsPerPartition(rows, partitions), 0);
        return split == null ? rows : Arrays.stream(split.trainingRows()).sum();
    }

    /** Rows that summaries are drawn from, of {@code rows} in {@code partitions} shards. */
    public int summaryRows(int rows, int partitions) {
        if (areOwn()) {
            return own;
        }
        return kind.equals("apart") ? rows - trainingRows(rows, partitions) : rows;
    }
}
