package io.etastar.tensor;

import io.etastar.UserError;
import java.util.Optional;

/**
 * A scalar function y = f(x) by its derivatives; they are plain derivatives, not Taylor coefficients.
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

    /** The function and its derivatives in C; a backend that compiles kernels takes one without to the host and back. */
    default Optional<CFunction> inC() {
        return Optional.empty();
    }

    /** Whether {@link #scale} reads x; if not, x is not fetched. */
    default boolean scalesByArgument() {
        return true;
    }

    /** Whether {@link #scale} reads y; if not, y is not fetched. */
    default boolean scalesByValue() {
        return true;
    }

    /**
     * values[i] *= f'(x[i]) for the first {@code count} elements, in single precision. The functions that networks use most
     * override this with a loop that compiles to vector instructions.
     *
     * @param x arguments, which may be overwritten
     * @param y values, which may be overwritten
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
     * <p>Up to third order from the derivatives above; a function that supports higher orders overrides this.
     *
     * @param out at least {@code order} + 1 numbers
     * @throws UserError if {@code order} is above the highest that the function supports
     */
    default void expand(double x, double y, int order, double[] out) {
        if (order > 3) {
            throw new UserError(
                    UserError.Subject.of("order"),
                    order,
                    "at most 3, as the function " + this + " of the graph has no higher derivatives here");
        }
        out[1] = first(x, y);
        if (order >= 2) {
            out[2] = second(x, y) / 2;
        }
        if (order >= 3) {
            out[3] = third(x, y) / 6;
        }
    }

    /**
     * Operands of one pass through y = f(x) along K stacked directions, n elements each.
     *
     * <pre>
     * t_y = f' t,   c_y = f' c + f'' t^2
     * H[s_k, s_j] += sum_i a f'' t_k t_j,   order3[s_k] += sum_i a (f''' t^3 + 3 f'' t c)
     * </pre>
     *
     * @param f derivatives of the function
     * @param x argument [n]
     * @param y value [n]
     * @param adjoint a = dL/dy [n]
     * @param first t, first tangents of x [K, n]
     * @param second c, second tangents of x [K, n], or null if they are zero
     * @param firstOut t_y [K, n]; may be {@code first}
     * @param secondOut c_y [K, n], may be {@code second}; or null if it is not needed
     * @param subsets s_k, the K directions' places in the sums
     * @param h H [S, S]; added to, both triangles alike
     * @param order3 [S]; added to
     */
    record Tangents(
            ScalarFunction f,
            Tensor x,
            Tensor y,
            Tensor adjoint,
            Tensor first,
            Tensor second,
            Tensor firstOut,
            Tensor secondOut,
            int[] subsets,
            Doubles h,
            Doubles order3) {}

    /**
     * Operands of the second reverse sweep through y = f(x) along one direction, n elements each: out = f' b + f'' t a.
     *
     * @param f derivatives of the function
     * @param x argument
     * @param y value
     * @param adjoint a = dL/dy
     * @param first t, tangent of x
     * @param adjointTangent b, tangent of a, or null if it is zero
     * @param out tangent of the adjoint of x; overwritten
     */
    record AdjointTangents(
            ScalarFunction f, Tensor x, Tensor y, Tensor adjoint, Tensor first, Tensor adjointTangent, Tensor out) {}

    /**
     * Operands of a truncated power series composed with y = f(x) along K stacked directions, n elements each.
     *
     * <pre>
     * y_k = sum_{m=1..k} c_m [t^k] (x_1 t + x_2 t^2 + ...)^m,   c_m = f^(m)(x) / m!
     * </pre>
     *
     * @param f expansions of the function
     * @param x argument [n]
     * @param y value [n]
     * @param in coefficients x_1 .. x_d of the argument, [K, n] each; null is zero
     * @param out coefficients y_1 .. y_d, [K, n] each; overwritten
     */
    record Series(ScalarFunction f, Tensor x, Tensor y, Tensor[] in, Tensor[] out) {}
}
