package io.etastar.taylor.function;

import java.util.function.DoubleUnaryOperator;

/**
 * y = x above 0, y = b x below: leaky relu, and the absolute value with b = -1. Its slope at 0 is given, f'' is 0.
 *
 * @param below b
 * @param atZero slope at 0
 */
public record Hinge(double below, double atZero) implements PiecewiseLinear, DoubleUnaryOperator {
    @Override
    public double applyAsDouble(double x) {
        return x > 0 ? x : below * x;
    }

    @Override
    public double first(double x, double y) {
        if (x == 0) {
            return atZero;
        }
        return x > 0 ? 1 : below;
    }
}
