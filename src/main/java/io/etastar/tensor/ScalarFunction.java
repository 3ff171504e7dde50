package io.etastar.tensor;

import io.etastar.UserError;

/**
 * Derivatives of a scalar function y = f(x): plain derivatives, not Taylor coefficients.
 *
 * <p>Each is given both x and y, so that it may use whichever is cheaper.
 */
public interface ScalarFunction {
    /** f'(x). */
    double first(double x, double y);

    /** f''(x). */
    double second(double x, double y);

    /** f'''(x). */
    double third(double x, double y);

    /** {@link #derivatives(double[], double[], int, double[], double[], double[])} in single precision. */
    default void derivatives(float[] x, float[] y, int count, float[] first, float[] second, float[] third) {
        for (int i = 0; i < count; i++) {
            first[i] = (float) first(x[i], y[i]);
            second[i] = (float) second(x[i], y[i]);
            third[i] = (float) third(x[i], y[i]);
        }
    }

    /** Whether {@link #scale} reads x; and y: what it does not read is not fetched. */
    default boolean scalesByArgument() {
        return true;
    }

    /** See {@link #scalesByArgument}. */
    default boolean scalesByValue() {
        return true;
    }

    /**
     * values[i] *= f'(x[i]) for the first {@code count} elements, in single precision. Functions that networks use most have
     * a loop of their own, which compiles to vector instructions.
     */
    default void scale(float[] x, float[] y, int count, float[] values) {
        for (int i = 0; i < count; i++) {
            values[i] *= (float) first(x[i], y[i]);
        }
    }

    /** The three derivatives of the first {@code count} elements; overwrites {@code first}, {@code second}, {@code third}. */
    default void derivatives(double[] x, double[] y, int count, double[] first, double[] second, double[] third) {
        for (int i = 0; i < count; i++) {
            first[i] = first(x[i], y[i]);
            second[i] = second(x[i], y[i]);
            third[i] = third(x[i], y[i]);
        }
    }

    /**
     * The Taylor expansion of f at x: out[k] = f^(k)(x) / k! for k = 1 .. {@code order}; out[0] may be overwritten.
     *
     * <p>Up to third order from the derivatives above; a function that is to go further overrides this.
     *
     * @param out at least {@code order} + 1 numbers
     * @throws UserError beyond the highest order that the function knows
     */
    default void expand(double x, double y, int order, double[] out) {
        if (order > 3) {
            throw new UserError("order: found " + order + ", expected at most 3, as the function " + this
                    + " of the graph has no higher derivatives here");
        }
        out[1] = first(x, y);
        if (order >= 2) {
            out[2] = second(x, y) / 2;
        }
        if (order >= 3) {
            out[3] = third(x, y) / 6;
        }
    }
}
