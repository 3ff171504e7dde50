package io.etastar.data;

import java.io.Serializable;

/**
 * A change of the rows of a pass, made on executors in each pass anew. Implementations are small and immutable, since they
 * travel with every task.
 */
public interface BatchTransform extends Serializable {
    /**
     * The rows as the model sees them.
     *
     * @throws io.etastar.UserError if rows are not of the shape that this takes
     */
    RowShape of(RowShape stored);

    /** Whether it varies training rows alone, so that evaluation takes rows as they are. */
    boolean trainingOnly();

    /**
     * Transforms rows.
     *
     * @param shard rows as stored, standardised; left as it is
     * @param rows indices within the shard
     * @param seed of all that is random: the same shard, rows and seed give the same bits on every JVM
     * @return a new shard of just these rows, in their order, with their weights
     */
    Shard apply(Shard shard, int[] rows, long seed);
}
