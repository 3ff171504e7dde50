package io.etastar.spark;

import java.io.Serializable;

/**
 * What a pass does on one shard, on an executor.
 *
 * @param <P> what the driver sends
 * @param <T> the sum that comes back
 */
@FunctionalInterface
interface ShardCall<P, T> extends Serializable {
    /** A new sum over rows of the shard; null where none is taken. */
    T apply(ShardContext<P> on);
}
