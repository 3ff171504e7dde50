/** Rows in the cluster: sharded data, their preparation and the choice of rows. Uses {@code data}. */
package io.etastar.spark.rows;
