/**
 * The table of optimizers by name. It knows all of them, so nothing that it makes may use it.
 */
package io.etastar.optimizer.registry;
