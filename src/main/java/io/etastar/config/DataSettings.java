package io.etastar.config;

import java.util.List;

/**
 * Where the data come from.
 *
 * @param source digits or idx
 * @param path directory of IDX files; null for digits
 * @param standardise whether features are standardised
 * @param partitions shards of the training set
 * @param classes number of classes, 0 where targets are not classes
 * @param classWeights weight of the training rows of each class; empty where all are 1
 */
public record DataSettings(
        String source, String path, boolean standardise, int partitions, int classes, List<Double> classWeights) {}
