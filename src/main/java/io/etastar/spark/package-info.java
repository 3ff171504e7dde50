/**
 * The distributed side: shards in a cached RDD, {@code SparkObjective}, the training loop, checkpoints.
 *
 * <p>A pass is one Spark job: theta and u are broadcast, each task borrows an {@link io.etastar.spark.Engine} and sums over
 * its shard's rows of the batch, and {@link io.etastar.spark.OrderedSum} merges the partial sums in an order that depends on
 * the number of partitions p alone. So the same seed, data and p give the same bits, on any number of cores and executors.
 */
package io.etastar.spark;
