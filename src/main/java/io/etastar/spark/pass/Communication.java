package io.etastar.spark.pass;

import java.io.Serializable;

/**
 * When and how shards exchange what they have computed.
 *
 * @param nearData whether one pass may make many steps of all shards where these lie in one JVM, or are one; results do not
 *     depend on it
 * @param period 0 for steps of all shards; otherwise the number of steps that each shard makes by itself before parameters and
 *     the base rule's state are averaged
 * @param aggregation how partial sums are merged
 */
public record Communication(boolean nearData, int period, Aggregation aggregation) implements Serializable {
    /** One pass a step. */
    public static final Communication STEP = new Communication(false, 0, Aggregation.DEFAULT);

    /** Many steps a pass where that can be. */
    public static final Communication NEAR_DATA = new Communication(true, 0, Aggregation.DEFAULT);
}
