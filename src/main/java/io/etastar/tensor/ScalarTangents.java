package io.etastar.tensor;

/**
 * Operands of one pass through y = f(x) along K stacked directions, n elements each.
 *
 * <pre>
 * t_y = f' t,   c_y = f' c + f'' t^2,   h[k, j] = sum_i a f'' t_k t_j,   order3[k] = sum_i a (f''' t^3 + 3 f'' t c)
 * </pre>
 *
 * @param f derivatives of the function
 * @param x argument [n]
 * @param y value [n]
 * @param adjoint a = dL/dy [n]
 * @param first t, first tangents of x [K, n]
 * @param second c, second tangents of x [K, n], or null where they are zero
 * @param firstOut t_y [K, n]; may be {@code first}
 * @param secondOut c_y [K, n], may be {@code second}; or null where nobody needs them
 * @param h [K, K]; its lower triangle is overwritten, the rest is not used
 * @param order3 [K]; overwritten
 */
public record ScalarTangents(
        ScalarFunction f,
        Tensor x,
        Tensor y,
        Tensor adjoint,
        Tensor first,
        Tensor second,
        Tensor firstOut,
        Tensor secondOut,
        double[] h,
        double[] order3) {}
