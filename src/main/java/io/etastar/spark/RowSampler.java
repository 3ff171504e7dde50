package io.etastar.spark;

import java.io.Serializable;

/**
 * MERGE: the part of {@code data.StratifiedSampler} that passes use. Batches are numbered from 0 and drawn without
 * replacement within an epoch; the same number is the same batch.
 */
public interface RowSampler extends Serializable {
    /** Batches of one epoch. */
    long stepsPerEpoch();

    /** Where batch {@code step} lies in the epoch's order of each partition's rows. */
    Slice sliceOf(long step);

    /** Rows [from, to) of the order in which epoch {@code epoch} visits the rows of a partition. */
    int[] rows(int partition, long epoch, int from, int to);

    /** One batch. */
    interface Slice extends Serializable {
        /** Number of the epoch, from 0. */
        long epoch();

        /** First row taken of a partition's order. */
        int from(int partition);

        /** One past the last row taken of a partition's order. */
        int to(int partition);
    }

    /** The rows of batch {@code step} in each partition. */
    default RowSelection batch(long step) {
        Slice slice = sliceOf(step);
        return partition -> rows(partition, slice.epoch(), slice.from(partition), slice.to(partition));
    }
}
