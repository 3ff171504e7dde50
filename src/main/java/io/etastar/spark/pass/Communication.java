package io.etastar.spark.pass;

import java.io.Serializable;

/**
 * When and how shards exchange what they have computed.
 *
 * @param period 0 for one pass per step; otherwise the number of steps that each shard makes by itself before parameters and the
 *     base rule's state are averaged
 * @param aggregation how partial sums are merged
 */
public record Communication(int period, Aggregation aggregation) implements Serializable {
    /** One pass a step. */
    public static final Communication STEP = new Communication(0, Aggregation.DEFAULT);
}
