package io.etastar.taylor;

import io.etastar.tensor.ScalarFunction;
import java.util.function.DoubleUnaryOperator;

/**
 * y = min(max(x, low), high): slope 1 between the two, 0 outside and at both.
 *
 * @param low smallest value
 * @param high largest value
 */
record Clip(double low, double high) implements ScalarFunction, DoubleUnaryOperator {
    @Override
    public double applyAsDouble(double x) {
        return Math.min(Math.max(x, low), high);
    }

    @Override
    public double first(double x, double y) {
        return x > low && x < high ? 1 : 0;
    }

    @Override
    public double second(double x, double y) {
        return 0;
    }

    @Override
    public double third(double x, double y) {
        return 0;
    }

    @Override
    public void expand(double x, double y, int order, double[] out) {
        Expansions.polynomial(order, out, first(x, y));
    }
}
