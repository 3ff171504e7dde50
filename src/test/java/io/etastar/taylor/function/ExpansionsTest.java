package io.etastar.taylor.function;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.etastar.UserError;
import io.etastar.taylor.function.PiecewiseLinear.Clip;
import io.etastar.taylor.function.PiecewiseLinear.Hinge;
import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.ScalarFunction;
import io.etastar.tensor.Tensor;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Expansions against the functions themselves and against their first derivatives. */
class ExpansionsTest {
    private static final int ORDER = 12;
    private static final double[] PLACES = {-2.1, -0.6, 0.4, 1.3};
    private static final double[] POSITIVE = {0.7, 1, 3.5};

    /** A function, what it computes and where it is tried. */
    private record Row(ScalarFunction f, DoubleUnaryOperator value, double... points) {
        @Override
        public String toString() {
            return f.toString();
        }
    }

    private static final Map<ScalarFunctions, DoubleUnaryOperator> FUNCTIONS = Map.of(
            ScalarFunctions.TANH,
            Math::tanh,
            ScalarFunctions.SIGMOID,
            x -> 1 / (1 + Math.exp(-x)),
            ScalarFunctions.ELU,
            x -> x > 0 ? x : Math.expm1(x),
            ScalarFunctions.SOFTPLUS,
            x -> Math.log1p(Math.exp(x)),
            ScalarFunctions.ARCTAN,
            Math::atan,
            ScalarFunctions.ERF,
            Erf::erf,
            ScalarFunctions.EXP,
            Math::exp,
            ScalarFunctions.LOG,
            Math::log,
            ScalarFunctions.SQUARE,
            x -> x * x,
            ScalarFunctions.RELU,
            x -> Math.max(x, 0));

    static Stream<Row> rows() {
        Stream<Row> named = Stream.of(ScalarFunctions.values())
                .map(f -> new Row(f, FUNCTIONS.get(f), f == ScalarFunctions.LOG ? POSITIVE : PLACES));
        Stream<Row> elementary = Stream.of(ElementaryFunctions.values())
                .map(f -> new Row(f, f, f == ElementaryFunctions.LOG1P ? POSITIVE : PLACES));
        Stream<Row> powers = DoubleStream.of(0.5, -0.5, -1, 1.7).mapToObj(ExpansionsTest::power);
        Stream<Row> others = Stream.of(
                new Row(new Power(3), x -> x * x * x, -2.1, 0, 0.4),
                new Row(new Power(2), x -> x * x, -2.1, 0, 0.4),
                new Row(new Power(0), x -> 1, -2.1, 0, 0.4),
                new Row(new Hinge(0.1, 1), new Hinge(0.1, 1), PLACES),
                new Row(new Clip(-0.4, 0.9), new Clip(-0.4, 0.9), PLACES),
                new Row(new Huber(0.8), new Huber(0.8), PLACES));
        return Stream.of(named, elementary, powers, others).flatMap(stream -> stream);
    }

    private static Row power(double exponent) {
        return new Row(new Power(exponent), x -> Math.pow(x, exponent), POSITIVE);
    }

    private static double[] expansion(ScalarFunction f, double x, double y, int order) {
        double[] out = new double[order + 1];
        f.expand(x, y, order, out);
        return out;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void thePolynomialIsTheFunctionNearby(Row row) {
        ScalarFunction f = row.f;
        DoubleUnaryOperator value = row.value;
        for (double x : row.points) {
            double[] c = expansion(f, x, value.applyAsDouble(x), ORDER);
            for (double step : new double[] {-0.05, 0.05}) {
                double sum = 0;
                for (int k = ORDER; k > 0; k--) {
                    sum = (sum + c[k]) * step;
                }
                double expected = value.applyAsDouble(x + step) - value.applyAsDouble(x);
                assertEquals(expected, sum, 4e-15 * Math.max(1, Math.abs(value.applyAsDouble(x))), f + " at " + x);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void anyShorterOrderIsItsBeginningAndTheDerivatives(Row row) {
        ScalarFunction f = row.f;
        for (double x : row.points) {
            double y = row.value.applyAsDouble(x);
            double[] all = expansion(f, x, y, ORDER);
            assertEquals(f.first(x, y), all[1], 1e-14);
            assertEquals(f.second(x, y) / 2, all[2], 1e-14);
            assertEquals(f.third(x, y) / 6, all[3], 1e-14);
            for (int order = 1; order < ORDER; order++) {
                double[] some = expansion(f, x, y, order);
                for (int k = 1; k <= order; k++) {
                    assertEquals(all[k], some[k], 0, f + " order " + order);
                }
            }
        }
    }

    @Test
    void atAKinkTheSlopeIsTheOneFromTheLeft() {
        assertArrayEquals(new double[] {0, 0, 0, 0, 0}, expansion(ScalarFunctions.RELU, 0, 0, 4));
        assertArrayEquals(new double[] {0, 1, 0, 0, 0}, expansion(ScalarFunctions.ELU, 0, 0, 4));
        assertArrayEquals(new double[] {0, 0.1, 0, 0, 0}, expansion(new Hinge(0.1, 0.1), 0, 0, 4));
        assertArrayEquals(new double[] {0, 0, 0, 0, 0}, expansion(new Clip(0, 6), 0, 0, 4));
        assertArrayEquals(new double[] {0, 2, 0.5, 0, 0}, expansion(new Huber(2), 2, 0, 4));
    }

    /** y = x^3 by its derivatives alone. */
    private static final ScalarFunction CUBE = new ScalarFunction() {
        @Override
        public double first(double x, double y) {
            return 3 * x * x;
        }

        @Override
        public double second(double x, double y) {
            return 6 * x;
        }

        @Override
        public double third(double x, double y) {
            return 6;
        }

        @Override
        public String toString() {
            return "CUBE";
        }
    };

    @Test
    void aFunctionWithoutRecurrenceGoesToOrderThree() {
        for (int order = 1; order <= 3; order++) {
            double[] found = expansion(CUBE, 2, 8, order);
            assertArrayEquals(java.util.Arrays.copyOf(new double[] {0, 12, 6, 1}, order + 1), found);
        }
        UserError error = assertThrows(UserError.class, () -> expansion(CUBE, 2, 8, 4));
        assertEquals(
                "order: found 4, expected at most 3, as the function CUBE of the graph has no higher derivatives here",
                error.getMessage());
    }

    /** (2 + t - 3 t^2)^3 = 8 + 12 t - 30 t^2 - 35 t^3 + ..., and the same with t -> -t, over more than one block. */
    @Test
    void seriesAreComposed() {
        int n = 1300;
        try (Kernels kernels = Backend.installed().kernels(DType.DOUBLE)) {
            Tensor[] in = {kernels.allocate(2, n), kernels.allocate(2, n), null};
            Tensor[] out = {kernels.allocate(2, n), kernels.allocate(2, n), kernels.allocate(2, n)};
            Tensor x = kernels.allocate(n);
            x.fill(0, n, 2);
            in[0].fill(0, n, 1);
            in[0].fill(n, 2 * n, -1);
            in[1].fill(0, 2 * n, -3);
            kernels.scalarSeries(new ScalarFunction.Series(CUBE, x, x, in, out)).run();
            double[][] expected = {{12, -12}, {-30, -30}, {-35, 35}};
            for (int k = 0; k < 3; k++) {
                for (int i = 0; i < 2 * n; i++) {
                    assertEquals(expected[k][i / n], out[k].get(i), 1e-13);
                }
            }
        }
    }
}
