package io.etastar.spark.rows;

import io.etastar.data.RowSplit;
import java.util.Arrays;

/**
 * Where the rows of summaries come from.
 *
 * @param kind drawn: batches of their own from the training rows; batch: the training batch of the step; apart: rows that are
 *     not trained on
 * @param share apart: share of the training rows that is kept apart
 */
public record SummaryRows(String kind, double share) {
    /** Batches of their own from the training rows. */
    public static final SummaryRows DRAWN = new SummaryRows("drawn", 0);

    /** Whether summaries take the training batch of the step. */
    public boolean ofTheStep() {
        return kind.equals("batch");
    }

    /** Which rows are kept apart; null if none are. */
    public RowSplit split(int[] rowsPerPartition, long seed) {
        return kind.equals("apart") ? new RowSplit(rowsPerPartition, share, seed) : null;
    }

    /** Rows to train on, of {@code rows} in {@code partitions} shards. */
    public int trainingRows(int rows, int partitions) {
        RowSplit split = split(ShardedData.rowsPerPartition(rows, partitions), 0);
        return split == null ? rows : Arrays.stream(split.trainingRows()).sum();
    }

    /** Rows that summaries are drawn from, of {@code rows} in {@code partitions} shards. */
    public int summaryRows(int rows, int partitions) {
        return kind.equals("apart") ? rows - trainingRows(rows, partitions) : rows;
    }
}
