package io.etastar.taylor.function;

import io.etastar.tensor.CFunction;
import io.etastar.tensor.ScalarFunction;
import java.util.Optional;
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

    private static Optional<CFunction> inC(String value, String slope) {
        return Optional.of(new CFunction(value, slope, "T(0)", "T(0)"));
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

        @Override
        public Optional<CFunction> inC() {
            String b = CFunction.number(below);
            return PiecewiseLinear.inC(
                    "x > 0 ? x : " + b + " * x",
                    "x > 0 ? T(1) : (x == 0 ? " + CFunction.number(atZero) + " : " + b + ")");
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

        /** None with an infinite bound, which has no number in C. */
        @Override
        public Optional<CFunction> inC() {
            if (Double.isInfinite(low) || Double.isInfinite(high)) {
                return Optional.empty();
            }
            String l = CFunction.number(low);
            String h = CFunction.number(high);
            return PiecewiseLinear.inC(
                    "x < " + l + " ? " + l + " : (x > " + h + " ? " + h + " : x)",
                    "x > " + l + " && x < " + h + " ? T(1) : T(0)");
        }
    }

    /** y = the largest whole number up to x: no slope anywhere. */
    record Floor() implements PiecewiseLinear, DoubleUnaryOperator {
        @Override
        public double applyAsDouble(double x) {
            return Math.floor(x);
        }

        @Override
        public Optional<CFunction> inC() {
            return PiecewiseLinear.inC("floor(x)", "T(0)");
        }

        @Override
        public double first(double x, double y) {
            return 0;
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
        public Optional<CFunction> inC() {
            return PiecewiseLinear.inC("x > " + CFunction.number(cut) + " ? T(1) : T(0)", "T(0)");
        }

        @Override
        public double first(double x, double y) {
            return 0;
        }
    }
}
