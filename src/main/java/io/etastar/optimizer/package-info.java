/**
 * Base rules (direction only) and optimizers, all on the driver and all written against {@link
 * io.etastar.optimizer.Objective}: nothing here knows Spark or the engine.
 */
package io.etastar.optimizer;
