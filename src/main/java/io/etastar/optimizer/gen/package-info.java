/**
 * GeN: the learning rate along a direction from its exact second-order expansion, or from a parabola through losses.
 */
package io.etastar.optimizer.gen;
