/**
 * Models in the formats of other software: NumPy's .npz with the layouts of PyTorch, SameDiff's graph files and ONNX.
 *
 * <p>Notation: N rows, C channels, K = elements of a row for each channel, P parameters. What is written takes features as the
 * data files hold them: a model's standardisation (x - mean) / deviation comes first in an exported graph. Files are written whole
 * or not at all, and equal models give equal bytes.
 *
 * <p>An op of the graph is translated to ONNX by one entry of a table of {@link io.etastar.interchange.OnnxTable}.
 */
package io.etastar.interchange;
