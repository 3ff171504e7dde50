/**
 * MLlib's perceptron, trained here: {@link io.etastar.ml.perceptron.MultilayerPerceptronClassifier} takes the Params of MLlib's Estimator
 * of that name and returns MLlib's own model, and {@link io.etastar.ml.perceptron.PerceptronBackend} puts it in that one's place on a
 * server of Spark Connect. Uses {@code settings}, {@code frame} and {@code training}.
 */
@NullMarked
package io.etastar.ml.perceptron;

import org.jspecify.annotations.NullMarked;
