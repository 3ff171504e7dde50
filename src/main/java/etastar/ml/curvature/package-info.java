/** The Transformer of {@link io.etastar.ml} under the name of the Python module etastar.ml.curvature. */
package etastar.ml.curvature;
