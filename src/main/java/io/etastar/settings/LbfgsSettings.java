package io.etastar.settings;

import io.etastar.settings.schema.Key;
import java.io.Serializable;

/** Settings of the l-bfgs and o-lbfgs optimizers. */
public record LbfgsSettings(
        @Key(value = "10", min = 1, doc = "l-bfgs, o-lbfgs: pairs of steps and gradient differences that are kept")
        int memory,

        @Key(value = "1.0e4", above = 0, doc = "o-lbfgs: learning rate lr tau / (tau + step)")
        double tau,

        @Key(value = "0.0", min = 0, doc = "o-lbfgs: times the step, added to the gradient difference")
        double regularisation,

        @Key(
                value = "1.0e-4",
                above = 0,
                doc = "o-lbfgs: factor on the gradient as the direction, as long as no pair is kept; the paper has"
                        + " 1e-10, a step too small for dtype float")
        double first)
        implements Serializable {}
