package io.etastar.tensor;

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

    /** The three derivatives of the first {@code count} elements; overwrites {@code first}, {@code second}, {@code third}. */
    default void derivatives(double[] x, double[] y, int count, double[] first, double[] second, double[] third) {
        for (int i = 0; i < count; i++) {
            first[i] = first(x[i], y[i]);
            second[i] = second(x[i], y[i]);
            third[i] = third(x[i], y[i]);
        }
    }
}
