package io.etastar.data;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Rows of each partition split in two for a whole run: some kept apart for summaries, the others to train on. Which ones is
 * drawn from (seed, partition); or the rows apart are a data set of their own, which lies behind the others.
 */
public final class RowSplit implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final long STREAM = 2;

    private final int[] rowsPerPartition;
    private final int[] apart;
    private final long seed;
    private final boolean behind;

    /**
     * @param rowsPerPartition rows of each partition
     * @param share of them to keep apart, above 0 and below 1: the nearest whole number of each partition
     * @param seed of the run
     */
    public RowSplit(int[] rowsPerPartition, double share, long seed) {
        this.rowsPerPartition = rowsPerPartition.clone();
        this.apart = Arrays.stream(rowsPerPartition)
                .map(rows -> (int) Math.round(rows * share))
                .toArray();
        this.seed = seed;
        behind = false;
    }

    private RowSplit(int[] rowsPerPartition, int... behind) {
        this.rowsPerPartition = rowsPerPartition.clone();
        this.apart = behind.clone();
        this.seed = 0;
        this.behind = true;
    }

    /**
     * Rows to train on, and behind them rows of a data set of their own.
     *
     * @param training rows of each partition to train on
     * @param apart rows of each partition that lie behind those
     */
    public static RowSplit behind(int[] training, int... apart) {
        return new RowSplit(training, apart);
    }

    /** Rows of each partition to train on; a new array. */
    public int[] trainingRows() {
        int[] rows = rowsPerPartition.clone();
        if (!behind) {
            Arrays.setAll(rows, partition -> rows[partition] - apart[partition]);
        }
        return rows;
    }

    /** Rows of each partition kept apart; a new array. */
    public int[] rowsApart() {
        return apart.clone();
    }

    /** Rows of the partition at {@code positions} among those to train on; a new array. */
    public int[] training(int partition, int[] positions) {
        return behind ? positions.clone() : rows(partition, positions, apart[partition]);
    }

    /** Rows of the partition at {@code positions} among those kept apart; a new array. */
    public int[] apart(int partition, int[] positions) {
        int before = rowsPerPartition[partition];
        return behind
                ? Arrays.stream(positions).map(position -> before + position).toArray()
                : rows(partition, positions, 0);
    }

    private int[] rows(int partition, int[] positions, int from) {
        int[] order = PermutationCache.get(rowsPerPartition[partition], seed, STREAM, 0, partition);
        return Arrays.stream(positions).map(position -> order[from + position]).toArray();
    }
}
