/**
 * Newton steps in the learning rates of subsets: newton-summary, its averages and its solver, and newton-stochastic-hv.
 */
package io.etastar.optimizer.newton;
