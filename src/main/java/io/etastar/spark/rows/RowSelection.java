package io.etastar.spark.rows;

import java.io.Serializable;

/** The rows of each shard that a pass takes; evaluated on the shard's executor. */
@FunctionalInterface
public interface RowSelection extends Serializable {
    /** Indices of rows within the shard of partition {@code partition}, in the order in which they are summed. */
    int[] of(int partition);
}
