package io.etastar.settings;

import io.etastar.settings.schema.Key;
import java.io.Serializable;

/** Settings of the k-fac optimizer and base rule. */
public record KfacSettings(
        @Key(value = "0.95", min = 0, below = 1, doc = "k-fac: share of the old factors kept")
        double decay,

        @Key(value = "0.03", above = 0, doc = "k-fac: added to the products of eigenvalues")
        double damping,

        @Key(
                value = "0.01",
                min = 0,
                doc = "k-fac: bound of the step's change in the Fisher metric, lr^2 u'F u; 0 for none")
        double clip,

        @Key(value = "10", min = 1, doc = "k-fac: steps between two updates of the factors")
        int factorPeriod,

        @Key(value = "100", min = 1, doc = "k-fac: steps between two decompositions")
        int inversePeriod,

        @Key(
                value = "sampled",
                oneOf = {"sampled", "empirical"},
                doc = "k-fac: labels of the Fisher matrix, drawn from the model's own distribution or those of the"
                        + " data")
        String fisher)
        implements Serializable {
    /** Whether labels are drawn from the model's own distribution. */
    public boolean sampled() {
        return fisher.equals("sampled");
    }
}
