/**
 * K-FAC: a direction from Kronecker factors of the Fisher matrix, layer by layer.
 */
package io.etastar.optimizer.kfac;
