/**
 * Rows of DataFrames as shards, without a copy on disk that anyone would have to manage.
 *
 * <p>{@link io.etastar.frame.FrameRows} checks and counts the rows of a frame in one Spark job and lays them out: shard j of p
 * holds rows [j n / p, (j + 1) n / p) in the order of the frame, however the frame itself is partitioned. {@link io.etastar.frame.FrameGroups} tells groups of rows. May use
 * {@code data}, {@code data.format}, {@code spark.rows} and Spark SQL.
 */
package io.etastar.frame;
