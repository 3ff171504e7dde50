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
}
