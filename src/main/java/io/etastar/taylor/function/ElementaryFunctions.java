package io.etastar.taylor.function;

import io.etastar.tensor.CFunction;
import io.etastar.tensor.ScalarFunction;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * Elementwise functions that backends have no fast op for, with their derivatives.
 *
 * <p>Those with f'' = c y state f, f' and c; then f''' = c f'.
 */
public enum ElementaryFunctions implements ScalarFunction, DoubleUnaryOperator {
    /** y = sin x: f' = cos x, f'' = -y. */
    SIN(Math::sin, Math::cos, -1, new CFunction("sin(x)", "cos(x)", "-y", "-cos(x)")),
    /** y = cos x: f' = -sin x, f'' = -y. */
    COS(Math::cos, x -> -Math.sin(x), -1, new CFunction("cos(x)", "-sin(x)", "-y", "sin(x)")),
    /** y = sinh x: f' = cosh x, f'' = y. */
    SINH(Math::sinh, Math::cosh, 1, new CFunction("sinh(x)", "cosh(x)", "y", "cosh(x)")),
    /** y = cosh x: f' = sinh x, f'' = y. */
    COSH(Math::cosh, Math::sinh, 1, new CFunction("cosh(x)", "sinh(x)", "y", "sinh(x)")),
    /** y = log(1 + x) for x above -1: f' = 1 / (1 + x), f'' = -1 / (1 + x)^2, f''' = 2 / (1 + x)^3. */
    LOG1P(
            Math::log1p,
            x -> 1 / (1 + x),
            Double.NaN,
            new CFunction("log1p(x)", "1 / (1 + x)", "-1 / ((1 + x) * (1 + x))", "2 / ((1 + x) * (1 + x) * (1 + x))")) {
        @Override
        public double second(double x, double y) {
            return -1 / ((1 + x) * (1 + x));
        }

        @Override
        public double third(double x, double y) {
            return 2 / ((1 + x) * (1 + x) * (1 + x));
        }

        @Override
        public void expand(double x, double y, int order, double[] out) {
            Expansions.log(1 + x, order, out);
        }
    },
    /** y = exp(x) - 1: all derivatives are exp x. */
    EXPM1(Math::expm1, Math::exp, Double.NaN, new CFunction("expm1(x)", "exp(x)", "exp(x)", "exp(x)")) {
        @Override
        public double second(double x, double y) {
            return first(x, y);
        }

        @Override
        public double third(double x, double y) {
            return first(x, y);
        }

        @Override
        public void expand(double x, double y, int order, double[] out) {
            Expansions.exp(first(x, y), order, out);
        }
    };

    private final DoubleUnaryOperator value;
    private final DoubleUnaryOperator slope;
    /** c; NaN for functions with formulas of their own. */
    private final double factor;

    private final CFunction inC;

    ElementaryFunctions(DoubleUnaryOperator value, DoubleUnaryOperator slope, double factor, CFunction inC) {
        this.value = value;
        this.slope = slope;
        this.factor = factor;
        this.inC = inC;
    }

    @Override
    public Optional<CFunction> inC() {
        return Optional.of(inC);
    }

    @Override
    public double applyAsDouble(double x) {
        return value.applyAsDouble(x);
    }

    @Override
    public double first(double x, double y) {
        return slope.applyAsDouble(x);
    }

    @Override
    public double second(double x, double y) {
        return factor * y;
    }

    @Override
    public double third(double x, double y) {
        return factor * first(x, y);
    }

    @Override
    public void expand(double x, double y, int order, double[] out) {
        Expansions.oscillation(factor, y, first(x, y), order, out);
    }
}
