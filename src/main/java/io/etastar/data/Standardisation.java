package io.etastar.data;

import java.io.Serializable;

/**
 * x -> (x - mean) / deviation per channel: the first axis of [C, H, W], or one channel for everything else.
 *
 * @param mean per channel
 * @param deviation per channel, positive (1 where a channel is constant)
 */
public record Standardisation(double[] mean, double[] deviation) implements Serializable {}
