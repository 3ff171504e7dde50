package io.etastar.taylor.function;

import io.etastar.tensor.ScalarFunction;

/** Functions of straight pieces: f'' = f''' = 0, and so are all coefficients of their series behind the slope. */
interface PiecewiseLinear extends ScalarFunction {
    @Override
    default double second(double x, double y) {
        return 0;
    }

    @Override
    default double third(double x, double y) {
        return 0;
    }

    @Override
    default void expand(double x, double y, int order, double[] out) {
        Expansions.polynomial(order, out, first(x, y));
    }
}
