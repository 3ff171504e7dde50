/**
 * Elementwise functions with their derivatives up to order 3 and their Taylor expansions. They use {@code tensor} alone.
 */
package io.etastar.taylor.function;
