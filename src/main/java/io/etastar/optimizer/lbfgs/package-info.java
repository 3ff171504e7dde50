/**
 * Quasi-Newton methods: L-BFGS with a line search over the whole data, and online L-BFGS.
 */
package io.etastar.optimizer.lbfgs;
