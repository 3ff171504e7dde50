/**
 * Small programs to read and to begin with: what a user of {@code ml} writes. Nothing else uses them.
 */
package io.etastar.examples;
