package io.etastar.taylor.function;

import io.etastar.tensor.CFunction;
import io.etastar.tensor.FloatExp;
import io.etastar.tensor.ScalarFunction;
import java.util.Optional;

/**
 * Derivatives of the elementwise functions. If they are polynomials of the value y, they are written so.
 *
 * <p>At a kink the first derivative is the one from the left, higher ones are 0: what PyTorch does.
 */
public enum ScalarFunctions implements ScalarFunction {
    /** y = tanh x: f' = 1 - y^2, f'' = -2 y f', f''' = (6 y^2 - 2) f'. */
    TANH("tanh(x)", "1 - y * y", "-2 * y * (1 - y * y)", "(6 * y * y - 2) * (1 - y * y)") {
        @Override
        public void derivatives(float[] x, float[] y, int count, float[] first, float[] second, float[] third) {
            for (int i = 0; i < count; i++) {
                float slope = 1 - y[i] * y[i];
                first[i] = slope;
                second[i] = -2 * y[i] * slope;
                third[i] = (6 * y[i] * y[i] - 2) * slope;
            }
        }

        @Override
        public boolean scalesByArgument() {
            return false;
        }

        @Override
        public void scale(float[] x, float[] y, int count, float[] values) {
            for (int i = 0; i < count; i++) {
                values[i] *= 1 - y[i] * y[i];
            }
        }

        @Override
        public double first(double x, double y) {
            return 1 - y * y;
        }

        @Override
        public double second(double x, double y) {
            return -2 * y * (1 - y * y);
        }

        @Override
        public double third(double x, double y) {
            return (6 * y * y - 2) * (1 - y * y);
        }

        @Override
        public void expand(double x, double y, int order, double[] out) {
            Expansions.tanh(y, order, out);
        }
    },
    /** y = 1 / (1 + exp(-x)): f' = y (1 - y), f'' = f' (1 - 2 y), f''' = f' (1 - 6 f'). */
    SIGMOID("1 / (1 + exp(-x))", "y * (1 - y)", "y * (1 - y) * (1 - 2 * y)", "y * (1 - y) * (1 - 6 * y * (1 - y))") {
        @Override
        public void derivatives(float[] x, float[] y, int count, float[] first, float[] second, float[] third) {
            for (int i = 0; i < count; i++) {
                float slope = y[i] * (1 - y[i]);
                first[i] = slope;
                second[i] = slope * (1 - 2 * y[i]);
                third[i] = slope * (1 - 6 * slope);
            }
        }

        @Override
        public boolean scalesByArgument() {
            return false;
        }

        @Override
        public void scale(float[] x, float[] y, int count, float[] values) {
            for (int i = 0; i < count; i++) {
                values[i] *= y[i] * (1 - y[i]);
            }
        }

        @Override
        public double first(double x, double y) {
            return y * (1 - y);
        }

        @Override
        public double second(double x, double y) {
            return y * (1 - y) * (1 - 2 * y);
        }

        @Override
        public double third(double x, double y) {
            double slope = y * (1 - y);
            return slope * (1 - 6 * slope);
        }

        @Override
        public void expand(double x, double y, int order, double[] out) {
            Expansions.sigmoid(y, order, out);
        }
    },
    /**
     * y = x above 0, else exp(x) - 1: all derivatives are y + 1 below 0; at 0 f' = 1, f'' = f''' = 0. Written without
     * branches, which signs of data would mispredict.
     */
    ELU("x > 0 ? x : expm1(x)", "y >= 0 ? T(1) : y + 1", "y >= 0 ? T(0) : y + 1", "y >= 0 ? T(0) : y + 1") {
        @Override
        public boolean scalesByArgument() {
            return false;
        }

        @Override
        public void scale(float[] x, float[] y, int count, float[] values) {
            for (int i = 0; i < count; i++) {
                values[i] *= Math.min(y[i], 0) + 1;
            }
        }

        @Override
        public double first(double x, double y) {
            return Math.min(y, 0) + 1;
        }

        @Override
        public double second(double x, double y) {
            double below = Math.min(y, 0);
            return (below + 1) * Math.ceil(0 - below);
        }

        @Override
        public double third(double x, double y) {
            return second(x, y);
        }

        @Override
        public void expand(double x, double y, int order, double[] out) {
            Expansions.elu(x, y, order, out);
        }
    },
    /** y = log(1 + exp x): f' = s = 1 - exp(-y), the sigmoid; f'' = s (1 - s), f''' = s (1 - s) (1 - 2 s). */
    SOFTPLUS(
            "(x > 0 ? x : T(0)) + log1p(exp(-fabs(x)))",
            "-expm1(-y)",
            "-expm1(-y) * (1 + expm1(-y))",
            "-expm1(-y) * (1 + expm1(-y)) * (1 + 2 * expm1(-y))") {
        @Override
        public double first(double x, double y) {
            return -Math.expm1(-y);
        }

        @Override
        public double second(double x, double y) {
            double s = first(x, y);
            return s * (1 - s);
        }

        @Override
        public double third(double x, double y) {
            double s = first(x, y);
            return s * (1 - s) * (1 - 2 * s);
        }

        @Override
        public void expand(double x, double y, int order, double[] out) {
            Expansions.softplus(first(x, y), order, out);
        }
    },
    /** y = arctan x: f' = 1 / (1 + x^2) = s, f'' = -2 x s^2, f''' = (6 - 8 s) s^2. */
    ARCTAN(
            "atan(x)",
            "1 / (1 + x * x)",
            "-2 * x / ((1 + x * x) * (1 + x * x))",
            "(6 - 8 / (1 + x * x)) / ((1 + x * x) * (1 + x * x))") {
        @Override
        public double first(double x, double y) {
            return 1 / (1 + x * x);
        }

        @Override
        public double second(double x, double y) {
            double slope = first(x, y);
            return -2 * x * slope * slope;
        }

        @Override
        public double third(double x, double y) {
            double slope = first(x, y);
            return (6 - 8 * slope) * slope * slope;
        }

        @Override
        public void expand(double x, double y, int order, double[] out) {
            Expansions.arctan(x, order, out);
        }
    },
    /** y = erf x: f' = 2 exp(-x^2) / sqrt(pi), f'' = -2 x f', f''' = (4 x^2 - 2) f'. */
    ERF(
            "erf(x)",
            "exp(-x * x) * T(1.1283791670955126)",
            "-2 * x * exp(-x * x) * T(1.1283791670955126)",
            "(4 * x * x - 2) * exp(-x * x) * T(1.1283791670955126)") {
        @Override
        public void derivatives(float[] x, float[] y, int count, float[] first, float[] second, float[] third) {
            for (int i = 0; i < count; i++) {
                first[i] = -x[i] * x[i];
            }
            FloatExp.exp(first, count, third);
            for (int i = 0; i < count; i++) {
                float slope = first[i] * 1.1283792f;
                first[i] = slope;
                second[i] = -2 * x[i] * slope;
                third[i] = (4 * x[i] * x[i] - 2) * slope;
            }
        }

        @Override
        public boolean scalesByValue() {
            return false;
        }

        @Override
        public void scale(float[] x, float[] y, int count, float[] values) {
            for (int i = 0; i < count; i++) {
                x[i] = -x[i] * x[i];
            }
            FloatExp.exp(x, count, y);
            for (int i = 0; i < count; i++) {
                values[i] *= x[i] * 1.1283792f;
            }
        }

        @Override
        public double first(double x, double y) {
            return Math.exp(-x * x) * (2 / Math.sqrt(Math.PI));
        }

        @Override
        public double second(double x, double y) {
            return -2 * x * first(x, y);
        }

        @Override
        public double third(double x, double y) {
            return (4 * x * x - 2) * first(x, y);
        }

        @Override
        public void expand(double x, double y, int order, double[] out) {
            Expansions.erf(x, first(x, y), order, out);
        }
    },
    /** y = exp x: all derivatives are y. */
    EXP("exp(x)", "y", "y", "y") {
        @Override
        public boolean scalesByArgument() {
            return false;
        }

        @Override
        public void scale(float[] x, float[] y, int count, float[] values) {
            for (int i = 0; i < count; i++) {
                values[i] *= y[i];
            }
        }

        @Override
        public double first(double x, double y) {
            return y;
        }

        @Override
        public double second(double x, double y) {
            return y;
        }

        @Override
        public double third(double x, double y) {
            return y;
        }

        @Override
        public void expand(double x, double y, int order, double[] out) {
            Expansions.exp(y, order, out);
        }
    },
    /** y = log x for x above 0: f' = 1/x, f'' = -1/x^2, f''' = 2/x^3. */
    LOG("log(x)", "1 / x", "-1 / (x * x)", "2 / (x * x * x)") {
        @Override
        public double first(double x, double y) {
            return 1 / x;
        }

        @Override
        public double second(double x, double y) {
            return -1 / (x * x);
        }

        @Override
        public double third(double x, double y) {
            return 2 / (x * x * x);
        }

        @Override
        public void expand(double x, double y, int order, double[] out) {
            Expansions.log(x, order, out);
        }
    },
    /** y = x^2: f' = 2 x, f'' = 2, f''' = 0. */
    SQUARE("x * x", "2 * x", "T(2)", "T(0)") {
        @Override
        public boolean scalesByValue() {
            return false;
        }

        @Override
        public void scale(float[] x, float[] y, int count, float[] values) {
            for (int i = 0; i < count; i++) {
                values[i] *= 2 * x[i];
            }
        }

        @Override
        public double first(double x, double y) {
            return 2 * x;
        }

        @Override
        public double second(double x, double y) {
            return 2;
        }

        @Override
        public double third(double x, double y) {
            return 0;
        }

        @Override
        public void expand(double x, double y, int order, double[] out) {
            Expansions.polynomial(order, out, 2 * x, 1);
        }
    },
    /** y = max(x, 0): f' = 1 above 0, else 0; f'' = f''' = 0. */
    RELU("x > 0 ? x : T(0)", "y > 0 ? T(1) : T(0)", "T(0)", "T(0)") {
        @Override
        public boolean scalesByArgument() {
            return false;
        }

        @Override
        public void scale(float[] x, float[] y, int count, float[] values) {
            for (int i = 0; i < count; i++) {
                // 1 if y is above 0, however little, else 0: a branch would be mispredicted half of the time.
                values[i] *= Math.min(y[i] * Float.MAX_VALUE * Float.MAX_VALUE, 1);
            }
        }

        @Override
        public double first(double x, double y) {
            return Math.ceil(Math.min(y, 1));
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
    };

    private final CFunction inC;

    ScalarFunctions(String value, String first, String second, String third) {
        inC = new CFunction(value, first, second, third);
    }

    @Override
    public Optional<CFunction> inC() {
        return Optional.of(inC);
    }
}
