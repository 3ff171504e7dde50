/**
 * Base rules (direction only) and optimizers, all on the driver and all written against {@link
 * io.etastar.optimizer.Objective}: nothing here knows Spark or the engine.
 *
 * <p>Notation: theta [P] the parameters, u [P] the direction, s a subset of the partition, lr_s its learning rate; the step
 * is theta_s - lr_s u_s. Gradients and summaries come as sums over a batch and are divided by its samples here, so
 * everything below is about the mean loss. Steps and summaries are counted from 0.
 *
 * <p>A new optimizer is one class behind {@link io.etastar.optimizer.Optimizer} and one line in {@link
 * io.etastar.optimizer.Optimizers}; a new base rule one class behind {@link io.etastar.optimizer.BaseRule} and one line in
 * {@link io.etastar.optimizer.BaseRules}. Each puts all that its future depends on into its state; the tests' contract holds
 * it to that.
 */
package io.etastar.optimizer;
