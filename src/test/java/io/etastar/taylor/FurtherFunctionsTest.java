package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.taylor.function.ElementaryFunctions;
import io.etastar.taylor.function.Huber;
import io.etastar.taylor.function.PiecewiseLinear.Clip;
import io.etastar.taylor.function.PiecewiseLinear.Hinge;
import io.etastar.taylor.function.Power;
import io.etastar.tensor.ScalarFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The formulas of the derivatives of functions that bring their own value: each against differences of the one below. */
class FurtherFunctionsTest {
    private static final double STEP = 1e-3;

    /** A function and the range where it is tried; kinks are avoided. */
    record Range(ScalarFunction f, double from, double to) {
        double value(double x) {
            return ((DoubleUnaryOperator) f).applyAsDouble(x);
        }
    }

    static List<Range> ranges() {
        List<Range> ranges = new ArrayList<>();
        for (double exponent : new double[] {0.5, -0.5, -1, 1.7, 3, 2, 1, 0, -2}) {
            ranges.add(new Range(new Power(exponent), 0.3, 5));
        }
        for (double exponent : new double[] {-1, 3, 2}) {
            ranges.add(new Range(new Power(exponent), -5, -0.3));
        }
        for (ElementaryFunctions f : ElementaryFunctions.values()) {
            ranges.add(new Range(f, f == ElementaryFunctions.LOG1P ? -0.7 : -4, 4));
        }
        for (ScalarFunction f : new ScalarFunction[] {new Hinge(0.1, 0.1), new Hinge(-1, 0)}) {
            ranges.add(new Range(f, -3, -0.1));
            ranges.add(new Range(f, 0.1, 3));
        }
        for (double[] ends : new double[][] {{-3, -0.5}, {-0.3, 0.7}, {0.9, 3}}) {
            ranges.add(new Range(new Clip(-0.4, 0.8), ends[0], ends[1]));
        }
        for (double[] ends : new double[][] {{-3, -0.7}, {-0.5, 0.5}, {0.7, 3}}) {
            ranges.add(new Range(new Huber(0.6), ends[0], ends[1]));
        }
        return ranges;
    }

    private static double slope(DoubleUnaryOperator f, double x) {
        double near = f.applyAsDouble(x + STEP) - f.applyAsDouble(x - STEP);
        double far = f.applyAsDouble(x + 2 * STEP) - f.applyAsDouble(x - 2 * STEP);
        return (8 * near - far) / (12 * STEP);
    }

    @ParameterizedTest
    @MethodSource("ranges")
    void eachDerivativeIsTheSlopeOfTheOneBelow(Range range) {
        ScalarFunction f = range.f();
        for (double x = range.from() + 0.03; x < range.to(); x += 0.077) {
            String at = f + " at " + x;
            close(slope(range::value, x), f.first(x, range.value(x)), "f' of " + at);
            close(slope(t -> f.first(t, range.value(t)), x), f.second(x, range.value(x)), "f'' of " + at);
            close(slope(t -> f.second(t, range.value(t)), x), f.third(x, range.value(x)), "f''' of " + at);
        }
    }

    @ParameterizedTest
    @MethodSource("ranges")
    void expansionsAreTheSlopesOfExpansions(Range range) {
        int order = 5;
        for (double x = range.from() + 0.03; x < range.to(); x += 0.31) {
            double[] out = expansion(range, x, order);
            assertEquals(range.f().first(x, range.value(x)), out[1], 1e-12 * Math.max(1, Math.abs(out[1])));
            for (int k = 2; k <= order; k++) {
                int below = k - 1;
                close(slope(t -> expansion(range, t, order)[below], x) / k, out[k], range.f() + " " + k + " at " + x);
            }
        }
    }

    private static double[] expansion(Range range, double x, int order) {
        double[] out = new double[order + 1];
        range.f().expand(x, range.value(x), order, out);
        return out;
    }

    private static void close(double expected, double found, String what) {
        assertEquals(expected, found, 1e-7 * Math.max(1, Math.abs(expected)), what);
    }

    @Test
    void valuesAreWhatTheNamesSay() {
        assertEquals(Math.sqrt(2), new Power(0.5).applyAsDouble(2));
        assertEquals(0.25, new Power(-1).applyAsDouble(4));
        assertEquals(-27, new Power(3).applyAsDouble(-3));
        assertEquals(-0.2, new Hinge(0.1, 0.1).applyAsDouble(-2), 1e-16);
        assertEquals(2, new Hinge(-1, 0).applyAsDouble(-2));
        assertEquals(-0.4, new Clip(-0.4, 0.8).applyAsDouble(-1));
        assertEquals(0.8, new Clip(-0.4, 0.8).applyAsDouble(1));
        assertEquals(0.5 * 0.16, new Huber(0.6).applyAsDouble(-0.4), 1e-16);
        assertEquals(0.6 * 2 - 0.18, new Huber(0.6).applyAsDouble(2), 1e-15);
        assertEquals(1e-20, ElementaryFunctions.LOG1P.applyAsDouble(1e-20));
        assertEquals(1e-20, ElementaryFunctions.EXPM1.applyAsDouble(1e-20));
    }

    @Test
    void slopesAtKinks() {
        assertEquals(0.1, new Hinge(0.1, 0.1).first(0, 0));
        assertEquals(0, new Hinge(-1, 0).first(0, 0));
        assertEquals(0, new Clip(0, 6).first(0, 0));
        assertEquals(0, new Clip(0, 6).first(6, 6));
        assertEquals(0.6, new Huber(0.6).first(0.6, 0.18));
        assertEquals(0, new Power(2).first(0, 0));
        assertEquals(2, new Power(2).second(0, 0));
        assertEquals(0, new Power(2).third(0, 0), "not 0 times infinity");
    }
}
