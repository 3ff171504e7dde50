/**
 * Readers of data sources, shards of primitive arrays, deterministic sampling. No Spark and no ND4J here.
 *
 * <p>A sample is a row: features [featureShape] and targets [targetShape], both flat and row-major.
 */
package io.etastar.data;
