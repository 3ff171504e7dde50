package io.etastar.config;

/**
 * Where the data come from.
 *
 * @param source digits or idx
 * @param path directory of IDX files; null for digits
 * @param standardise whether features are standardised
 * @param partitions shards of the training set
 * @param classes number of classes, 0 where targets are not classes
 */
public record DataSettings(String source, String path, boolean standardise, int partitions, int classes) {}
