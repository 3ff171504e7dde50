package io.etastar.optimizer;

/**
 * What can be set on l-bfgs and o-lbfgs.
 *
 * @param memory pairs of steps and gradient differences that are kept
 * @param tau o-lbfgs: learning rate lr tau / (tau + step)
 * @param regularisation o-lbfgs: times the step, added to the gradient difference
 */
public record LbfgsSettings(int memory, double tau, double regularisation) {
    /** What a job file has that sets none. */
    public static final LbfgsSettings DEFAULT = new LbfgsSettings(10, 1e4, 0);
}
