/**
 * Sources of rows and their metadata, shards of primitive arrays, deterministic sampling. No Spark and no ND4J here.
 *
 * <p>A sample is a row: features [featureShape] and targets [targetShape], both flat and row-major; a class is one target.
 * A new source is one {@link io.etastar.data.DataSource}: it checks everything in {@code inspect} on the driver and reads
 * ranges of rows on executors. Partitions are numbered p = 0.., rows of a partition from 0, epochs and steps from 0.
 */
package io.etastar.data;
