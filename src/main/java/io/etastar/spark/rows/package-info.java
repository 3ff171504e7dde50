/**
 * Rows in the cluster: data sets that can be laid out ({@link io.etastar.spark.rows.Rows}), sharded data, their preparation and
 * the choice of rows. May use {@code data}, {@code data.prepared} and {@code storage}.
 */
package io.etastar.spark.rows;
