package io.etastar.config;

import java.util.List;

/**
 * Columns of files that Spark reads.
 *
 * @param features names, or beginnings of names with an asterisk behind them; empty for what is usual
 * @param label column of labels, or null for the usual one
 * @param weight column of weights, or null
 * @param shape of a row's features; empty for one axis
 * @param testPath file or directory of the test rows, or null
 */
public record FrameSettings(List<String> features, String label, String weight, List<Integer> shape, String testPath) {}
