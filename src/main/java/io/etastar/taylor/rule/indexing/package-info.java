/**
 * Rules of ops that move elements: slices, permutations, repeats, gather. All are linear, on strided views of their input.
 * Uses {@code taylor.rule} and below.
 */
package io.etastar.taylor.rule.indexing;
