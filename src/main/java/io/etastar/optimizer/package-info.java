/**
 * What an optimizer is ({@link io.etastar.optimizer.Optimizer}), what it may ask for ({@link io.etastar.optimizer.Objective}), and base
 * rules, which give a direction alone. The methods are in packages of their own below this one. All run on the driver; nothing
 * here knows Spark or the engine.
 *
 * <p>Notation: theta [P] the parameters, u [P] the direction, s a subset of the partition, lr_s its learning rate; the step
 * is theta_s - lr_s u_s. Gradients and summaries come as sums over a batch and are divided by its samples here, so
 * everything below is about the mean loss. Steps and summaries are counted from 0.
 *
 * <p>A new optimizer is one class behind {@link io.etastar.optimizer.Optimizer} and one line in the table
 * {@code optimizer.registry.Optimizers}; a new base rule one class behind {@link io.etastar.optimizer.BaseRule} and one line in
 * {@link io.etastar.optimizer.BaseRules}. Each puts all that its future depends on into its state; the tests' contract holds
 * it to that.
 */
package io.etastar.optimizer;
