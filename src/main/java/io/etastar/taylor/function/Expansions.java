package io.etastar.taylor.function;

import java.util.Arrays;

/**
 * Taylor expansions of elementwise functions, out[k] = f^(k)(x) / k! for k = 1 .. order, by recurrences that follow from
 * their differential equations; out[0] is overwritten.
 */
final class Expansions {
    private Expansions() {}

    /** y' = 1 - y^2. */
    static void tanh(double y, int order, double[] out) {
        riccati(1, 0, y, order, out);
    }

    /** y' = y - y^2. */
    static void sigmoid(double y, int order, double[] out) {
        riccati(0, 1, y, order, out);
    }

    /** y' = constant + linear y - y^2. */
    private static void riccati(double constant, double linear, double y, int order, double[] out) {
        out[0] = y;
        for (int k = 0; k < order; k++) {
            double slope = (k == 0 ? constant : 0) + linear * out[k];
            for (int i = 0; i <= k; i++) {
                slope -= out[i] * out[k - i];
            }
            out[k + 1] = slope / (k + 1);
        }
    }

    /** y' = sigmoid(x), whose value is {@code slope}. */
    static void softplus(double slope, int order, double[] out) {
        sigmoid(slope, order - 1, out);
        integrate(order, out);
    }

    /** w = y' with (1 + x^2) w = 1. */
    static void arctan(double x, int order, double[] out) {
        double scale = 1 / (1 + x * x);
        for (int k = 0; k < order; k++) {
            double before = k > 1 ? out[k - 2] : 0;
            out[k] = k == 0 ? scale : -scale * (2 * x * out[k - 1] + before);
        }
        integrate(order, out);
    }

    /** w = y' with w' = -2 x w, of value {@code slope}. */
    static void erf(double x, double slope, int order, double[] out) {
        out[0] = slope;
        for (int k = 0; k < order - 1; k++) {
            double before = k > 0 ? out[k - 1] : 0;
            out[k + 1] = -2 * (x * out[k] + before) / (k + 1);
        }
        integrate(order, out);
    }

    /** y' = y. */
    static void exp(double y, int order, double[] out) {
        out[0] = y;
        for (int k = 1; k <= order; k++) {
            out[k] = out[k - 1] / k;
        }
    }

    /** y'' = factor y, with y' = {@code slope}. */
    static void oscillation(double factor, double y, double slope, int order, double[] out) {
        out[0] = y;
        out[1] = slope;
        for (int k = 2; k <= order; k++) {
            out[k] = factor * out[k - 2] / ((k - 1) * k);
        }
    }

    /** x y' = 1. */
    static void log(double x, int order, double[] out) {
        out[1] = 1 / x;
        for (int k = 2; k <= order; k++) {
            out[k] = -out[k - 1] * (k - 1) / (k * x);
        }
    }

    /** exp(x) - 1 below 0, x above; at 0 slope 1 and no higher derivatives. */
    static void elu(double x, double y, int order, double[] out) {
        if (x < 0) {
            exp(y + 1, order, out);
        } else {
            polynomial(order, out, 1);
        }
    }

    /** Coefficients 1, 2, ... as given, the rest 0. */
    static void polynomial(int order, double[] out, double... coefficients) {
        Arrays.fill(out, 1, order + 1, 0);
        System.arraycopy(coefficients, 0, out, 1, Math.min(order, coefficients.length));
    }

    /** From the coefficients 0 .. order - 1 of y' to those of y. */
    private static void integrate(int order, double[] out) {
        for (int k = order; k > 0; k--) {
            out[k] = out[k - 1] / k;
        }
    }
}
