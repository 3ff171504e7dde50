/**
 * Programs: loss, gradient, derivative summaries, Hessian-vector products, Kronecker factors and series of a model, compiled for
 * a micro-batch. Uses its sub-packages, {@code tensor} and {@code quantity}; knows neither Spark nor optimizers.
 */
package io.etastar.taylor;
