/** The distributed side: shards in a cached RDD, {@code SparkObjective}, the training loop, checkpoints. */
package io.etastar.spark;
