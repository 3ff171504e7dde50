package io.etastar.optimizer.settings;

/**
 * What can be set on k-fac.
 *
 * @param decay share of the old factors kept at each update
 * @param damping added to the products of eigenvalues
 * @param clip kl_clip: bound of lr^2 u'F u; 0 for none
 * @param factorPeriod steps between two updates of the factors
 * @param inversePeriod steps between two decompositions
 * @param sampled whether labels are drawn from the model's own distribution, else those of the data are taken
 */
public record KfacSettings(
        double decay, double damping, double clip, int factorPeriod, int inversePeriod, boolean sampled) {
    /** What a job file has that sets none. */
    public static final KfacSettings DEFAULT = new KfacSettings(0.95, 0.03, 0.01, 10, 100, true);
}
