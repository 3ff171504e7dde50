package io.etastar.taylor.function;

import io.etastar.tensor.ScalarFunction;
import java.util.function.DoubleUnaryOperator;

/** Functions of straight pieces: f'' = f''' = 0, and so are all coefficients of their series behind the slope. */
public interface PiecewiseLinear extends ScalarFunction {
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

    /**
     * y = x above 0, y = b x below: leaky relu, and the absolute value with b = -1. Its slope at 0 is given, f'' is 0.
     *
     * @param below b
     * @param atZero slope at 0
     */
    record Hinge(double below, double atZero) implements PiecewiseLinear, DoubleUnaryOperator {
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

    /**
     * y = min(max(x, low), high): slope 1 between the two, 0 outside and at both.
     *
     * @param low smallest value
     * @param high largest value
     */
    record Clip(double low, double high) implements PiecewiseLinear, DoubleUnaryOperator {
        @Override
        public double applyAsDouble(double x) {
            return Math.min(Math.max(x, low), high);
        }

        @Override
        public double first(double x, double y) {
            return x > low && x < high ? 1 : 0;
        }
    }

    /**
     * y = 1 above a cut, else 0: no slope anywhere.
     *
     * @param cut c
     */
    record Step(double cut) implements PiecewiseLinear, DoubleUnaryOperator {
        @Override
        public double applyAsDouble(double x) {
            return x > cut ? 1 : 0;
        }

        @Override
        public double first(double x, double y) {
            return 0;
        }
    }
}
