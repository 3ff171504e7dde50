package io.etastar.taylor.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The formulas of the derivatives: each against differences of the one below. */
class ScalarFunctionsTest {
    private static final double STEP = 1e-3;

    /** y as the engine computes it: stable far out. */
    static double value(ScalarFunctions f, double x) {
        return switch (f) {
            case TANH -> Math.tanh(x);
            case SIGMOID -> 1 / (1 + Math.exp(-x));
            case ELU -> x > 0 ? x : Math.expm1(x);
            case SOFTPLUS -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
            case EXP -> Math.exp(x);
            case LOG -> Math.log(x);
            case SQUARE -> x * x;
            case RELU -> Math.max(x, 0);
            case ARCTAN -> Math.atan(x);
            case ERF -> Erf.erf(x);
        };
    }

    private static double first(ScalarFunctions f, double x) {
        return f.first(x, value(f, x));
    }

    private static double second(ScalarFunctions f, double x) {
        return f.second(x, value(f, x));
    }

    private static double third(ScalarFunctions f, double x) {
        return f.third(x, value(f, x));
    }

    /** Central difference of fourth order. */
    private static double slope(DoubleUnaryOperator f, double x) {
        double near = f.applyAsDouble(x + STEP) - f.applyAsDouble(x - STEP);
        double far = f.applyAsDouble(x + 2 * STEP) - f.applyAsDouble(x - 2 * STEP);
        return (8 * near - far) / (12 * STEP);
    }

    /** Loops in single precision, of their own or not, give what the scalar methods give. */
    @ParameterizedTest
    @EnumSource
    void loopsInSinglePrecision(ScalarFunctions f) {
        int count = 61;
        float[] x = new float[count];
        float[] y = new float[count];
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = (f == ScalarFunctions.LOG ? 4.1f : 0) + (i - 30) / 7.5f;
            y[i] = (float) value(f, x[i]);
            values[i] = i - 20.5f;
        }
        float[] given = values.clone();
        float[] first = new float[count];
        float[] second = new float[count];
        float[] third = new float[count];
        f.derivatives(x, y, count, first, second, third);
        f.scale(
                f.scalesByArgument() ? x.clone() : unknown(count),
                f.scalesByValue() ? y.clone() : unknown(count),
                count,
                values);
        for (int i = 0; i < count; i++) {
            String at = f + " at " + x[i];
            near(f.first(x[i], y[i]), first[i], "f' of " + at);
            near(f.second(x[i], y[i]), second[i], "f'' of " + at);
            near(f.third(x[i], y[i]), third[i], "f''' of " + at);
            near(f.first(x[i], y[i]) * given[i], values[i], "values times f' of " + at);
        }
    }

    /** What nobody has fetched. */
    private static float[] unknown(int count) {
        float[] numbers = new float[count];
        java.util.Arrays.fill(numbers, Float.NaN);
        return numbers;
    }

    private static void near(double expected, double found, String what) {
        org.junit.jupiter.api.Assertions.assertEquals(expected, found, 2e-6 * (1 + Math.abs(expected)), what);
    }

    @ParameterizedTest
    @EnumSource
    void eachDerivativeIsTheSlopeOfTheOneBelow(ScalarFunctions f) {
        double start = f == ScalarFunctions.LOG ? 0.3 : -6;
        for (double x = start + 0.05; x < 6; x += 0.171) {
            String at = f + " at " + x;
            assertTrue(Math.abs(x) > 2 * STEP, at + " is too close to a kink");
            close(slope(t -> value(f, t), x), first(f, x), "f' of " + at);
            close(slope(t -> first(f, t), x), second(f, x), "f'' of " + at);
            close(slope(t -> second(f, t), x), third(f, x), "f''' of " + at);
        }
    }

    private static void close(double expected, double found, String what) {
        assertEquals(expected, found, 1e-8 * Math.max(1, Math.abs(expected)), what);
    }

    @Test
    void theDerivativeFromTheLeftIsTakenAtKinks() {
        assertEquals(0, first(ScalarFunctions.RELU, 0));
        assertEquals(0, first(ScalarFunctions.RELU, -0.0));
        assertEquals(1, first(ScalarFunctions.RELU, Double.MIN_VALUE));
        assertEquals(1, first(ScalarFunctions.ELU, 0));
        assertEquals(0, second(ScalarFunctions.ELU, 0), "that of the line, as autograd takes it");
        assertEquals(0, third(ScalarFunctions.ELU, 0), "that of the line, as autograd takes it");
        assertEquals(1, second(ScalarFunctions.ELU, -1e-300));
        assertEquals(1, third(ScalarFunctions.ELU, -1e-300));
        assertEquals(0, second(ScalarFunctions.ELU, Double.MIN_VALUE));
        assertEquals(0, third(ScalarFunctions.ELU, Double.MIN_VALUE));
    }

    /** Where they bend no more, values far out are those of the asymptotes. */
    @ParameterizedTest
    @CsvSource({
        "TANH, -700, 0, 0, 0",
        "TANH, -50, 0, 0, 0",
        "TANH, 50, 0, 0, 0",
        "TANH, 700, 0, 0, 0",
        "SIGMOID, -700, 0, 0, 0",
        "SIGMOID, -50, 0, 0, 0",
        "SIGMOID, 50, 0, 0, 0",
        "SIGMOID, 700, 0, 0, 0",
        "ELU, -700, 0, 0, 0",
        "ELU, -50, 0, 0, 0",
        "ELU, 50, 1, 0, 0",
        "ELU, 700, 1, 0, 0",
        "SOFTPLUS, -700, 0, 0, 0",
        "SOFTPLUS, -50, 0, 0, 0",
        "SOFTPLUS, 50, 1, 0, 0",
        "SOFTPLUS, 700, 1, 0, 0",
        "EXP, -700, 0, 0, 0",
        "EXP, -50, 0, 0, 0",
        "LOG, 700, 1.4285714285714286e-3, -2.0408163265306123e-6, 5.830903790087464e-9",
        "SQUARE, -700, -1400, 2, 0",
        "SQUARE, 700, 1400, 2, 0",
        "RELU, -700, 0, 0, 0",
        "RELU, 700, 1, 0, 0"
    })
    void farOutTheyAreTheAsymptotes(ScalarFunctions f, double x, double first, double second, double third) {
        assertEquals(first, first(f, x), 1e-15, "f'");
        assertEquals(second, second(f, x), 1e-15, "f''");
        assertEquals(third, third(f, x), 1e-15, "f'''");
    }

    @Test
    void theExponentialGrowsToTheEndOfTheRange() {
        for (double x : new double[] {50, 700}) {
            assertEquals(Math.exp(x), first(ScalarFunctions.EXP, x));
            assertEquals(Math.exp(x), second(ScalarFunctions.EXP, x));
            assertEquals(Math.exp(x), third(ScalarFunctions.EXP, x));
        }
    }

    /** Slopes of what grows are never negative and those of a curve that bends one way never turn back. */
    @ParameterizedTest
    @EnumSource(names = {"TANH", "SIGMOID", "ELU", "SOFTPLUS", "RELU", "EXP"})
    void slopesAreMonotone(ScalarFunctions f) {
        boolean convex = f != ScalarFunctions.TANH && f != ScalarFunctions.SIGMOID;
        double below = first(f, -700);
        for (double x = -700; x <= 700; x += x > -20 && x < 20 ? 0.01 : 1) {
            double slope = first(f, x);
            assertTrue(slope >= 0 && Double.isFinite(slope), f + " at " + x);
            boolean rises = convex || x <= 1e-9;
            assertTrue(rises ? slope >= below - 1e-15 : slope <= below + 1e-15, f + " turns at " + x);
            below = slope;
        }
    }
}
