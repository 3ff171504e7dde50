package io.etastar.tensor;

/**
 * Operands of the second reverse sweep through y = f(x) along one direction, n elements each: out = f' b + f'' t a.
 *
 * @param f derivatives of the function
 * @param x argument
 * @param y value
 * @param adjoint a = dL/dy
 * @param first t, tangent of x
 * @param adjointTangent b, tangent of a, or null where it is zero
 * @param out tangent of the adjoint of x; overwritten
 */
public record ScalarAdjointTangents(
        ScalarFunction f, Tensor x, Tensor y, Tensor adjoint, Tensor first, Tensor adjointTangent, Tensor out) {}
