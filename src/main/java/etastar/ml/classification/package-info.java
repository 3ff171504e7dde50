/** The stages of {@link io.etastar.ml} for classification, under the names of the Python module etastar.ml.classification. */
package etastar.ml.classification;
