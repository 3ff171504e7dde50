package io.etastar.tensor;

/**
 * Operands of a truncated power series pushed through y = f(x) along K stacked directions, n elements each: the composition
 *
 * <pre>
 * y_k = sum_{m=1..k} c_m [t^k] (x_1 t + x_2 t^2 + ...)^m,   c_m = f^(m)(x) / m!
 * </pre>
 *
 * @param f its expansions
 * @param x argument [n]
 * @param y value [n]
 * @param in coefficients x_1 .. x_d of the argument, [K, n] each; null is zero
 * @param out coefficients y_1 .. y_d, [K, n] each; overwritten
 */
public record ScalarSeries(ScalarFunction f, Tensor x, Tensor y, Tensor[] in, Tensor[] out) {}
