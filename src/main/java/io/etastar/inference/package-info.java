/**
 * Outputs of a trained network as columns of a DataFrame: the expression {@link io.etastar.inference.NetworkOutput}, which Catalyst
 * prunes and pushes filters past, and the operator that evaluates it for many rows at once. Uses {@code spark.engine},
 * {@code spark.rows}, {@code frame} and Spark SQL's plans.
 */
package io.etastar.inference;
