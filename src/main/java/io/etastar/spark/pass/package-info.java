/**
 * Distributed passes: one Spark job that sums a quantity over the rows of a batch.
 *
 * <p>theta and u are broadcast, each task borrows an {@link io.etastar.spark.engine.Engine} and sums over its shard's rows of
 * the batch, and {@link io.etastar.spark.pass.OrderedSum} merges the partial sums in an order that depends on the number of
 * partitions p alone. So the same seed, data and p give the same bits, on any number of cores and executors.
 */
package io.etastar.spark.pass;
