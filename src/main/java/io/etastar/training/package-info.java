/** The training of a model: the plan, the loop over epochs and steps, checkpoints and the result. Uses {@code spark} and below. */
package io.etastar.training;
