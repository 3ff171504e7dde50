/** Figures as PNG files: heatmaps of matrices and curves of losses. Knows numbers and labels alone. */
package io.etastar.figure;
