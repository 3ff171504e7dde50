package io.etastar.tensor;

/**
 * Factors on rows, read when a kernel runs: that of row i is element first + i / each.
 *
 * @param values where they are
 * @param first element of row 0
 * @param each neighbouring rows that share a factor, at least 1
 */
public record Factors(Doubles values, int first, int each) {}
