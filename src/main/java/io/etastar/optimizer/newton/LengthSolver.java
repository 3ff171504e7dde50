package io.etastar.optimizer.newton;

import io.etastar.solve.StepLength;
import java.util.Arrays;

/**
 * Lengths of the subsets' steps: own lengths, half way in logarithms to the common one, then one search along them that takes
 * all interactions in.
 *
 * <p>r(g, h, k) is the positive root of h e + k e^2 / 2 = g: the step along a line with slope g, curvature h and third-order bound
 * k, 0 if g is not positive. With own_s = r(g_s, H_ss, D_s^3), 0 for a slope that may be rounding alone, and c_0 = r(1'g, 1'H1, |D|^3),
 *
 * <pre>
 *     d_s = sqrt(c_0 max(own_s, c_0 / 100)),     e = d r(d'g, d'Hd, |D d|^3)
 * </pre>
 */
final class LengthSolver {
    /** Least share of the common length that an own one counts as: no subset stands still. */
    private static final double LEAST = 0.01;

    /**
     * A slope that is so small a share of all of them may be rounding of single precision, and so may the curvature, so that their ratio says
     * nothing: the biases of attention's keys, or in front of a batch norm, which no loss depends on, would go further in a step than all others
     * in a run.
     */
    private static final double ROUNDING = 1e-6;

    private static final double SMALL = 1e-12;

    private LengthSolver() {}

    /**
     * The lengths e [S], at least 0; all 0 if the loss does not fall along them.
     *
     * @param g slopes [S]
     * @param h curvatures [S][S]
     * @param d cubic roots of the third derivatives' absolute values [S]
     */
    static double[] solve(double[] g, double[][] h, double[] d) {
        int size = g.length;
        double[] ones = new double[size];
        Arrays.fill(ones, 1);
        double common = Math.max(SMALL, along(ones, g, h, d));
        double least = ROUNDING * Arrays.stream(g).map(Math::abs).sum();
        double[] shape = new double[size];
        for (int s = 0; s < size; s++) {
            double own = g[s] > least ? StepLength.of(g[s], h[s][s], d[s] * d[s] * d[s]) : 0;
            shape[s] = Math.sqrt(common * Math.max(own, LEAST * common));
        }
        double length = along(shape, g, h, d);
        for (int s = 0; s < size; s++) {
            shape[s] *= length;
        }
        return shape;
    }

    /** The multiple of {@code shape} [S] that the derivatives take: r along it. */
    static double along(double[] shape, double[] g, double[][] h, double[] d) {
        double slope = 0;
        double curvature = 0;
        double third = 0;
        for (int s = 0; s < g.length; s++) {
            slope += shape[s] * g[s];
            third += Math.pow(d[s] * shape[s], 2);
            for (int t = 0; t < g.length; t++) {
                curvature += shape[s] * h[s][t] * shape[t];
            }
        }
        return StepLength.of(slope, curvature, Math.pow(third, 1.5));
    }
}
