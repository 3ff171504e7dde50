/**
 * From a configuration and rows to a {@link io.etastar.training.TrainingPlan}: all that can be checked before training is checked
 * here, for every front end. Uses {@code config}, {@code data}, {@code graph}, {@code taylor} and {@code spark}; used by
 * {@code jobs} and {@code ml}.
 */
package io.etastar.plan;
