package io.etastar.optimizer;

/** The penalty decay |theta|^2 / 2 added to the mean loss, through its gradient. */
public final class WeightDecay {
    private WeightDecay() {}

    /** gradient + decay theta: new, or {@code gradient} itself where decay is 0. */
    public static double[] added(double[] gradient, double[] theta, double decay) {
        if (decay == 0) {
            return gradient;
        }
        double[] sum = gradient.clone();
        for (int p = 0; p < sum.length; p++) {
            sum[p] += decay * theta[p];
        }
        return sum;
    }
}
