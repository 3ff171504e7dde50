package io.etastar.spark.pass;

import io.etastar.quantity.Sum;
import java.io.Serializable;

/**
 * What a pass does on one shard, on an executor. It travels with the task: what is large in it is a broadcast.
 *
 * @param <T> the sum that comes back
 */
@FunctionalInterface
interface ShardCall<T extends Sum<T>> extends Serializable {
    /** A new sum over rows of the shard; null if none is taken. */
    T apply(ShardContext on);
}
