package io.etastar.data;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Batches drawn over partitions without replacement: every epoch takes every row exactly once.
 *
 * <p>An epoch of n rows has ceil(n / batch) steps, the last one smaller. Each partition has its own permutation of its
 * rows in each epoch, drawn from (seed, stream, epoch, partition); after N rows in all, partition p has given the share of
 * N that Webster's method apportions to it. Different streams of one seed are independent: one for training batches,
 * another for summary batches, whose steps are numbers of summaries.
 */
public final class StratifiedSampler implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int[] rowsPerPartition;
    private final int rows;
    private final int batch;
    private final long seed;
    private final long stream;

    /**
     * @param rowsPerPartition rows of each partition, 0 allowed
     * @param batch rows of a batch over all partitions; more than there are rows makes one step an epoch
     * @param seed of the run
     * @param stream which of the run's sequences of batches
     */
    public StratifiedSampler(int[] rowsPerPartition, int batch, long seed, long stream) {
        this.rowsPerPartition = rowsPerPartition.clone();
        this.rows =
                Math.toIntExact(Arrays.stream(rowsPerPartition).asLongStream().sum());
        if (rows < 1 || batch < 1 || Arrays.stream(rowsPerPartition).anyMatch(count -> count < 0)) {
            throw new IllegalArgumentException("batches of " + batch + " of rows " + Arrays.toString(rowsPerPartition));
        }
        this.batch = batch;
        this.seed = seed;
        this.stream = stream;
    }

    /**
     * The rows of a step: of partition p, positions [from[p], to[p]) of its permutation in that epoch.
     *
     * @param epoch number from 0
     */
    public record Slice(long epoch, int[] from, int[] to) implements Serializable {
        /** Rows of the step over all partitions. */
        public int size() {
            return Arrays.stream(to).sum() - Arrays.stream(from).sum();
        }

        /** The first rows of each partition's: a share of them, rounded up. */
        public Slice first(double share) {
            int[] end = to.clone();
            for (int partition = 0; partition < end.length; partition++) {
                end[partition] = from[partition] + (int) Math.ceil(share * (to[partition] - from[partition]));
            }
            return new Slice(epoch, from, end);
        }
    }

    /** Steps of an epoch. */
    public long stepsPerEpoch() {
        return (rows + (long) batch - 1) / batch;
    }

    /** The slice of a step, from 0. */
    public Slice sliceOf(long step) {
        if (step < 0) {
            throw new IllegalArgumentException("step " + step);
        }
        long inEpoch = step % stepsPerEpoch();
        int[] from = Apportionment.webster(rowsPerPartition, rowsAfter(inEpoch));
        int[] to = Apportionment.webster(rowsPerPartition, rowsAfter(inEpoch + 1));
        return new Slice(step / stepsPerEpoch(), from, to);
    }

    private int rowsAfter(long steps) {
        return (int) Math.min(rows, steps * batch);
    }

    /** Rows of {@code partition} at positions [from, to) of its permutation in {@code epoch}; a new array. */
    public int[] rows(int partition, long epoch, int from, int to) {
        Ranges.check(from, to, rowsPerPartition[partition]);
        int[] order = PermutationCache.get(rowsPerPartition[partition], seed, stream, epoch, partition);
        return Arrays.copyOfRange(order, from, to);
    }

    /** Rows of {@code partition} that {@code step} takes; a new array. */
    public int[] rows(int partition, long step) {
        Slice slice = sliceOf(step);
        return rows(partition, slice.epoch, slice.from[partition], slice.to[partition]);
    }
}
