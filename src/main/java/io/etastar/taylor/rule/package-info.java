/**
 * Derivative rules, one class for each family of ops: linear, bilinear, elementwise, sums, poolings, convolutions and softmax.
 * Written against {@code taylor.graph} and {@code tensor}.
 */
package io.etastar.taylor.rule;
