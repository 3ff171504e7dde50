/**
 * A training run: its plan, made of a configuration and rows with all that can be checked before, its loop, checkpoints and
 * result. Estimators and jobs come in by it. Uses {@code settings}, {@code spark} and below.
 */
package io.etastar.training;
