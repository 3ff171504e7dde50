package io.etastar.taylor.function;

import io.etastar.tensor.ScalarFunction;
import java.util.function.DoubleUnaryOperator;

/** Elementwise functions that backends have no fast op for, with their derivatives. */
public enum ElementaryFunctions implements ScalarFunction, DoubleUnaryOperator {
    /** y = sin x: f' = cos x, f'' = -y, f''' = -cos x. */
    SIN(Math::sin) {
        @Override
        public double first(double x, double y) {
            return Math.cos(x);
        }

        @Override
        public double second(double x, double y) {
            return -y;
        }

        @Override
        public double third(double x, double y) {
            return -Math.cos(x);
        }
    },
    /** y = cos x: f' = -sin x, f'' = -y, f''' = sin x. */
    COS(Math::cos) {
        @Override
        public double first(double x, double y) {
            return -Math.sin(x);
        }

        @Override
        public double second(double x, double y) {
            return -y;
        }

        @Override
        public double third(double x, double y) {
            return Math.sin(x);
        }
    },
    /** y = sinh x: f' = cosh x, f'' = y, f''' = cosh x. */
    SINH(Math::sinh) {
        @Override
        public double first(double x, double y) {
            return Math.cosh(x);
        }

        @Override
        public double second(double x, double y) {
            return y;
        }

        @Override
        public double third(double x, double y) {
            return Math.cosh(x);
        }
    },
    /** y = cosh x: f' = sinh x, f'' = y, f''' = sinh x. */
    COSH(Math::cosh) {
        @Override
        public double first(double x, double y) {
            return Math.sinh(x);
        }

        @Override
        public double second(double x, double y) {
            return y;
        }

        @Override
        public double third(double x, double y) {
            return Math.sinh(x);
        }
    },
    /** y = log(1 + x) for x above -1: f' = 1 / (1 + x), f'' = -1 / (1 + x)^2, f''' = 2 / (1 + x)^3. */
    LOG1P(Math::log1p) {
        @Override
        public double first(double x, double y) {
            return 1 / (1 + x);
        }

        @Override
        public double second(double x, double y) {
            return -1 / ((1 + x) * (1 + x));
        }

        @Override
        public double third(double x, double y) {
            return 2 / ((1 + x) * (1 + x) * (1 + x));
        }
    },
    /** y = exp(x) - 1: all derivatives are exp x. */
    EXPM1(Math::expm1) {
        @Override
        public double first(double x, double y) {
            return Math.exp(x);
        }

        @Override
        public double second(double x, double y) {
            return Math.exp(x);
        }

        @Override
        public double third(double x, double y) {
            return Math.exp(x);
        }
    };

    private final DoubleUnaryOperator value;

    ElementaryFunctions(DoubleUnaryOperator value) {
        this.value = value;
    }

    @Override
    public void expand(double x, double y, int order, double[] out) {
        switch (this) {
            case LOG1P -> Expansions.log(1 + x, order, out);
            case EXPM1 -> Expansions.exp(Math.exp(x), order, out);
            case SIN, COS -> repeating(-1, y, first(x, y), order, out);
            case SINH, COSH -> repeating(1, y, first(x, y), order, out);
        }
    }

    /** y'' = factor y. */
    private static void repeating(double factor, double y, double slope, int order, double[] out) {
        out[0] = y;
        out[1] = slope;
        for (int k = 2; k <= order; k++) {
            out[k] = factor * out[k - 2] / ((k - 1) * k);
        }
    }

    @Override
    public double applyAsDouble(double x) {
        return value.applyAsDouble(x);
    }
}
