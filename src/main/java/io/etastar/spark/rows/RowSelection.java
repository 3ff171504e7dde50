package io.etastar.spark.rows;

import java.io.Serializable;

/** Which rows of each shard a pass takes; evaluated where the shard is. */
@FunctionalInterface
public interface RowSelection extends Serializable {
    /** Indices of rows within the shard of partition {@code partition}, in the order in which they are summed. */
    int[] of(int partition);
}
