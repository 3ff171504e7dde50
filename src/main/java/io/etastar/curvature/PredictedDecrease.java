package io.etastar.curvature;

/**
 * Decrease f(0) - f(-eta) of a mean loss that the derivatives of a summary predict for a step theta_s - eta_s u_s.
 *
 * @param secondOrder g'eta - eta'H eta / 2
 * @param thirdOrder the same plus the diagonal terms order3_s eta_s^3 / 6; third derivatives across subsets are not known
 */
public record PredictedDecrease(double secondOrder, double thirdOrder) {
    /**
     * @param g first derivatives [S]
     * @param h second derivatives [S, S]
     * @param order3 diagonal third derivatives [S]
     * @param eta learning rates [S]; a subset whose rate is 0 adds nothing, whatever its derivatives are
     */
    public static PredictedDecrease of(double[] g, double[][] h, double[] order3, double[] eta) {
        double second = 0;
        double third = 0;
        for (int s = 0; s < eta.length; s++) {
            if (eta[s] == 0) {
                continue;
            }
            second += g[s] * eta[s];
            for (int t = 0; t < eta.length; t++) {
                second -= eta[t] == 0 ? 0 : eta[s] * h[s][t] * eta[t] / 2;
            }
            third += order3[s] * eta[s] * eta[s] * eta[s] / 6;
        }
        return new PredictedDecrease(second, second + third);
    }

    /**
     * The decrease g'eta - eta'H eta / 2 - dampingInt |D eta|^3 / 6, D = diag(|order3|^(1/3)), in the model that eta* is the stationary
     * point of. Its cubic term only bounds the step: it is no expansion of the loss.
     *
     * @param g first derivatives [S]
     * @param h second derivatives [S, S]
     * @param order3 diagonal third derivatives [S]
     * @param dampingInt weight of the cubic term
     * @param eta learning rates [S]; a subset whose rate is 0 adds nothing, whatever its derivatives are
     */
    public static double ofModel(double[] g, double[][] h, double[] order3, double dampingInt, double[] eta) {
        double square = 0;
        for (int s = 0; s < eta.length; s++) {
            double length = eta[s] == 0 ? 0 : Math.cbrt(Math.abs(order3[s])) * eta[s];
            square += length * length;
        }
        return of(g, h, order3, eta).secondOrder - dampingInt * square * Math.sqrt(square) / 6;
    }
}
