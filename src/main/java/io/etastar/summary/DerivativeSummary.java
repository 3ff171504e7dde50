package io.etastar.summary;

import java.io.Serializable;

/** Placeholder for the monoid; see the package's notation. */
public final class DerivativeSummary implements Serializable {
    private static final long serialVersionUID = 1L;

    private double samples;
    private double loss;
    private final double[] g;
    private final double[][] h;
    private final double[] order3;

    /**
     * @param samples sum of the samples' weights
     * @param loss weighted sum of the samples' losses
     * @param g first derivatives, [S], summed over samples; shared
     * @param h second derivatives, [S][S], symmetric, summed over samples; shared
     * @param order3 diagonal third derivatives, [S], summed over samples; shared
     */
    public DerivativeSummary(double samples, double loss, double[] g, double[][] h, double[] order3) {
        this.samples = samples;
        this.loss = loss;
        this.g = g;
        this.h = h;
        this.order3 = order3;
    }

    /** Number of subsets S. */
    public int size() {
        return g.length;
    }

    /** Sum of the samples' weights. */
    public double samples() {
        return samples;
    }

    /** Sum of the samples' losses. */
    public double loss() {
        return loss;
    }

    /** g [S]; shared. */
    public double[] g() {
        return g;
    }

    /** H [S][S]; shared. */
    public double[][] h() {
        return h;
    }

    /** order3 [S]; shared. */
    public double[] order3() {
        return order3;
    }
}
