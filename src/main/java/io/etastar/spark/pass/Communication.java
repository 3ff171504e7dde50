package io.etastar.spark.pass;

import java.io.Serializable;

/**
 * When and how executors meet.
 *
 * @param period 0 for one pass a step; else steps that shards make by themselves before parameters and the base rule's state are
 *     averaged
 * @param aggregation how partial sums come together
 */
public record Communication(int period, Aggregation aggregation) implements Serializable {
    /** One pass a step. */
    public static final Communication STEP = new Communication(0, Aggregation.DEFAULT);
}
