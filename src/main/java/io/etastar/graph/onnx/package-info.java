/**
 * Networks from ONNX files: the nodes that constants alone decide are computed while the file is read, all others become ops of a
 * SameDiff graph.
 *
 * <p>The batch is an axis of {@link io.etastar.graph.onnx.Sides#BATCH} rows while a file is read: shapes are plain numbers then, and
 * arithmetic on them needs no symbols. Constants keep a side of 1 where they only repeat along it.
 *
 * <p>An op of ONNX is translated by one entry of a table of {@link io.etastar.graph.onnx.Translations}.
 */
@org.jspecify.annotations.NullMarked
package io.etastar.graph.onnx;
