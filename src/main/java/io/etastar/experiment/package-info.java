/**
 * Published experiments: a file in {@code conf/experiments} names the kind, its settings and the optimizers; each kind is one
 * {@link io.etastar.experiment.Experiment} and one line in {@code ExperimentRunner}. Experiments of closed form run on the driver and start no
 * Spark context.
 */
@NullMarked
package io.etastar.experiment;

import org.jspecify.annotations.NullMarked;
