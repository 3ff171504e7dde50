/**
 * Estimators and models for Spark ML pipelines: {@link io.etastar.ml.NeuralNetworkClassifier} and
 * {@link io.etastar.ml.NeuralNetworkRegressor}. Params are job keys
 * by other names, their checks the job files' own; training is that of {@code training}, in the session's context; models are
 * stored as runs store them, and applied by {@code inference}. {@link io.etastar.ml.CurvatureSummary} runs passes of {@code spark.pass}
 * over frames. Uses {@code settings}, {@code frame}, {@code training}, {@code inference} and {@code storage}.
 */
package io.etastar.ml;
