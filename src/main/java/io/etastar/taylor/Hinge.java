package io.etastar.taylor;

import io.etastar.tensor.ScalarFunction;
import java.util.function.DoubleUnaryOperator;

/**
 * y = x above 0, y = b x below: leaky relu, and the absolute value with b = -1. Its slope at 0 is given, what bends is 0.
 *
 * @param below b
 * @param atZero slope at 0
 */
record Hinge(double below, double atZero) implements ScalarFunction, DoubleUnaryOperator {
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
