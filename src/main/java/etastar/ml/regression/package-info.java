/** The stages of {@link io.etastar.ml} for regression, under the names of the Python module etastar.ml.regression. */
package etastar.ml.regression;
