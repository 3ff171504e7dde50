package io.etastar.spark;

/**
 * What a submitted application did.
 *
 * @param exitCode of spark-submit's process
 * @param out its standard output
 * @param err its standard error, Spark's log included
 */
public record Submitted(int exitCode, String out, String err) {}
