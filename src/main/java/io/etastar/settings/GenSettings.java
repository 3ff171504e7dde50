package io.etastar.settings;

import io.etastar.settings.schema.Key;
import java.io.Serializable;

/** Settings of the gen optimizer. */
public record GenSettings(
        @Key(
                value = "exact",
                oneOf = {"exact", "subsets", "approximate"},
                doc = "learning rate G d / d'H d of the whole direction or of each subset, or from a parabola through"
                        + " losses")
        String kind,

        @Key(value = "1", min = 1, doc = "steps between two estimates")
        int period,

        @Key(value = "0.0", min = 0, below = 1, doc = "share of the old learning rate kept at each estimate")
        double smoothing,

        @Key.Flat Parabola parabola,
        @Key.Flat Bounds bounds)
        implements Serializable {
    /** The parabola through losses. */
    public record Parabola(
            @Key(
                    value = "\"3\"",
                    oneOf = {"3", "5"},
                    doc = "approximate: losses along the direction")
            String points,

            @Key(value = "0.99", min = 0, max = 1, doc = "approximate: least R^2 of the parabola")
            double fit)
            implements Serializable {}

    /** Bounds of the learning rate. */
    public record Bounds(
            @Key(value = "0.0", min = 0, doc = "least learning rate")
            double lowest,

            @Key(value = "1.0", above = 0, doc = "largest learning rate")
            double highest,

            @Key(value = "1.0e-3", min = 0, doc = "exact, subsets: learning rate if the curvature is not positive")
            double fallback)
            implements Serializable {}

    /** Least learning rate. */
    public double lowest() {
        return bounds.lowest();
    }

    /** Largest learning rate. */
    public double highest() {
        return bounds.highest();
    }

    /** Losses along the direction. */
    public int points() {
        return Integer.parseInt(parabola.points());
    }
}
