package io.etastar.config;

import java.util.List;

/**
 * Where the data come from.
 *
 * @param source digits, idx, images, cifar10, ...: a format, or what is embedded or made up
 * @param path directory or file; null if there are none
 * @param standardise whether features are standardised
 * @param partitions shards of the training set
 * @param classes number of classes, 0 if targets are not classes
 * @param classWeights weight of the training rows of each class; empty if all are 1
 * @param files train or t10k: the IDX files that are the training rows
 * @param testShare share of the training rows that is the test set; 0 if the source has its own
 * @param targets labels or features
 * @param transform none, pixels or crop-flip
 * @param testPart test or validation: which rows of prepared data are tested with
 * @param verify whether checksums of prepared data are compared
 * @param frame columns of files that Spark reads
 */
public record DataSettings(
        String source,
        String path,
        boolean standardise,
        int partitions,
        int classes,
        List<Double> classWeights,
        String files,
        double testShare,
        String targets,
        String transform,
        String testPart,
        boolean verify,
        FrameSettings frame) {}
