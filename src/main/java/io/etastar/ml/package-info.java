/**
 * Estimators and models for Spark ML pipelines: {@link io.etastar.ml.NeuralNetworkClassifier} and
 * {@link io.etastar.ml.NeuralNetworkRegressor}. Params are job keys by other names, their checks the job files' own; training is
 * that of {@code spark}, in the session's context; models are stored as runs store them. Uses {@code config}, {@code frame},
 * {@code plan}, {@code spark} and {@code storage}.
 */
package io.etastar.ml;
