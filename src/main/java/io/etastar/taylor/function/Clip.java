package io.etastar.taylor.function;

import java.util.function.DoubleUnaryOperator;

/**
 * y = min(max(x, low), high): slope 1 between the two, 0 outside and at both.
 *
 * @param low smallest value
 * @param high largest value
 */
public record Clip(double low, double high) implements PiecewiseLinear, DoubleUnaryOperator {
    @Override
    public double applyAsDouble(double x) {
        return Math.min(Math.max(x, low), high);
    }

    @Override
    public double first(double x, double y) {
        return x > low && x < high ? 1 : 0;
    }
}
