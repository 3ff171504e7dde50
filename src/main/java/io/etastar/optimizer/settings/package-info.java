/**
 * Settings of optimizers and base rules: plain values, checked where an optimizer is made.
 */
package io.etastar.optimizer.settings;
