package io.etastar.graph;

import io.etastar.partition.ParameterLayout;
import java.util.Random;

/** Seeded initial parameters, one stream of numbers in layout order. */
final class Initialisation {
    private Initialisation() {}

    /** Weights N(0, sigma_w^2 / fan_in), with fan_in = in of [in, out] or C kH kW of [M, C, kH, kW]; vectors are 0. */
    static double[] scaledNormal(ParameterLayout layout, double sigma, long seed) {
        Random random = new Random(seed);
        double[] theta = new double[layout.size()];
        for (int i = 0; i < layout.count(); i++) {
            int[] shape = layout.shape(i);
            if (shape.length < 2) {
                continue;
            }
            double deviation = sigma / Math.sqrt(fanIn(shape));
            for (int p = 0; p < layout.length(i); p++) {
                theta[layout.offset(i) + p] = deviation * random.nextGaussian();
            }
        }
        return theta;
    }

    /** All N(0, 1). */
    static double[] normal(ParameterLayout layout, long seed) {
        Random random = new Random(seed);
        double[] theta = new double[layout.size()];
        for (int i = 0; i < theta.length; i++) {
            theta[i] = random.nextGaussian();
        }
        return theta;
    }

    private static int fanIn(int... shape) {
        if (shape.length == 2) {
            return shape[0];
        }
        int fanIn = 1;
        for (int axis = 1; axis < shape.length; axis++) {
            fanIn *= shape[axis];
        }
        return fanIn;
    }
}
