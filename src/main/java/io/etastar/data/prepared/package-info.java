/**
 * Prepared data: a directory of Parquet files, each holding some rows of one part (train, validation or test), and
 * {@code manifest.json}, which describes a row and lists rows, sizes and SHA-256 of every file. The format is described in
 * docs/data.md.
 */
package io.etastar.data.prepared;
