package io.etastar.optimizer.settings;

/**
 * What can be set on l-bfgs and o-lbfgs.
 *
 * @param memory pairs of steps and gradient differences that are kept
 * @param tau o-lbfgs: learning rate lr tau / (tau + step)
 * @param regularisation o-lbfgs: times the step, added to the gradient difference
 * @param first o-lbfgs: factor on the gradient as the direction, as long as there is no pair
 */
public record LbfgsSettings(int memory, double tau, double regularisation, double first) {
    /** What a job file has that sets none. */
    public static final LbfgsSettings DEFAULT = new LbfgsSettings(10, 1e4, 0, 1e-4);
}
