/**
 * Models: a SameDiff graph with the names of its input, label, output, loss and parameters, and the zoo that builds them
 * from a description.
 *
 * <p>Shapes: dense input [N, in], images [N, C, H, W], dense weight [in, out], convolution weight [outC, inC, kH, kW]. The
 * loss is one value per sample, [N].
 */
package io.etastar.graph;
