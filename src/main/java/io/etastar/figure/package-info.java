/** Figures as PNG files: heatmaps of matrices and curves of losses. Knows numbers and labels alone. */
@NullMarked
package io.etastar.figure;

import org.jspecify.annotations.NullMarked;
