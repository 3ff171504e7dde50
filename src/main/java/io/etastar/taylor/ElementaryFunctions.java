package io.etastar.taylor;

import io.etastar.tensor.ScalarFunction;
import java.util.function.DoubleUnaryOperator;

/** Elementwise functions that backends have no fast op for, with their derivatives. */
enum ElementaryFunctions implements ScalarFunction, DoubleUnaryOperator {
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

        @Override
        public void expand(double x, double y, int order, double[] out) {
            Expansions.wave(-1, y, Math.cos(x), order, out);
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

        @Override
        public void expand(double x, double y, int order, double[] out) {
            Expansions.wave(-1, y, -Math.sin(x), order, out);
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

        @Override
        public void expand(double x, double y, int order, double[] out) {
            Expansions.wave(1, y, Math.cosh(x), order, out);
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

        @Override
        public void expand(double x, double y, int order, double[] out) {
            Expansions.wave(1, y, Math.sinh(x), order, out);
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

        @Override
        public void expand(double x, double y, int order, double[] out) {
            Expansions.log(1 + x, order, out);
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

        @Override
        public void expand(double x, double y, int order, double[] out) {
            Expansions.exp(Math.exp(x), order, out);
        }
    };

    private final DoubleUnaryOperator value;

    ElementaryFunctions(DoubleUnaryOperator value) {
        this.value = value;
    }

    @Override
    public double applyAsDouble(double x) {
        return value.applyAsDouble(x);
    }
}
