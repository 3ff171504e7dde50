package io.etastar.table;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * A number's way to a scale of about 1: (x - centre) / unit, or a piecewise linear function through points.
 *
 * @param centre mean or median of the training rows
 * @param unit positive: standard deviation of the population or interquartile range, 1 if the column is constant
 * @param knots ascending x of the points, or null
 * @param levels y of the points, as many; null without knots
 */
public record Scale(double centre, double unit, double[] knots, double[] levels) implements Serializable {
    private static final NormalDistribution STANDARD = new NormalDistribution(null, 0, 1);

    /** x -> x. */
    public static final Scale IDENTITY = new Scale(0, 1, null, null);

    /** Checks that the numbers are finite and the unit is positive. */
    public Scale {
        boolean valid = Double.isFinite(centre) && unit > 0 && unit < Double.POSITIVE_INFINITY;
        if (!valid || (knots == null ? -1 : knots.length) != (levels == null ? -1 : levels.length)) {
            throw new IllegalArgumentException("scale: found centre " + centre + ", unit " + unit
                    + ", expected a finite centre, a positive unit and as many levels as knots");
        }
    }

    /** (x - centre) / unit; a unit of 0 is that of a constant column, which gives 0. */
    public static Scale linear(double centre, double unit) {
        return new Scale(centre, unit > 0 && Double.isFinite(unit) ? unit : 1, null, null);
    }

    /**
     * Quantiles of the column to those of the standard normal distribution, as scikit-learn's QuantileTransformer with normal output.
     *
     * @param quantiles of the column at evenly spaced shares from 0 to 1
     */
    public static Scale quantiles(double... quantiles) {
        double[] x = Arrays.stream(quantiles).distinct().toArray();
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int first = Arrays.stream(quantiles).boxed().toList().indexOf(x[i]);
            int last = Arrays.stream(quantiles).boxed().toList().lastIndexOf(x[i]);
            double steps = Math.max(1, quantiles.length - 1.0);
            // Ends stay finite: half a step from 0 and 1.
            double share = Math.min(Math.max((first + last) / 2.0 / steps, 0.5 / steps), 1 - 0.5 / steps);
            y[i] = STANDARD.inverseCumulativeProbability(share);
        }
        return x.length < 2 ? linear(x.length == 0 ? 0 : x[0], 1) : new Scale(0, 1, x, y);
    }

    /** The scaled value. */
    public double of(double x) {
        if (knots == null) {
            return (x - centre) / unit;
        }
        int last = knots.length - 1;
        if (x <= knots[0] || x >= knots[last]) {
            return x <= knots[0] ? levels[0] : levels[last];
        }
        int at = Arrays.binarySearch(knots, x);
        if (at >= 0) {
            return levels[at];
        }
        int right = -at - 1;
        double share = (x - knots[right - 1]) / (knots[right] - knots[right - 1]);
        return levels[right - 1] + share * (levels[right] - levels[right - 1]);
    }
}
