package io.etastar.taylor.function;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.taylor.function.PiecewiseLinear.Clip;
import io.etastar.taylor.function.PiecewiseLinear.Hinge;
import io.etastar.taylor.function.PiecewiseLinear.Step;
import io.etastar.tensor.CFunction;
import io.etastar.tensor.ScalarFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Functions in C give the numbers of those in Java. */
public class CFunctionTest {
    private static final double[] POINTS = {-7, -2.5, -1, -0.3, -1e-9, 0, 1e-9, 0.2, 0.5, 1, 3, 6, 20};

    /** Functions of every kind that states itself in C. */
    public static Stream<ScalarFunction> functions() {
        Stream<ScalarFunction> powers =
                Stream.of(0.5, -0.5, -1.0, 1.0, 2.0, 3.0, 2.5, -3.25).map(Power::new);
        Stream<ScalarFunction> pieces = Stream.of(
                new Huber(0.5),
                new Hinge(0.01, 0.01),
                new Hinge(-1, 0),
                new Clip(0, 6),
                new Clip(-0.3, 1),
                new Step(0.2));
        return Stream.of(
                        Stream.<ScalarFunction>of(ScalarFunctions.values()),
                        Stream.<ScalarFunction>of(ElementaryFunctions.values()),
                        powers,
                        pieces)
                .flatMap(some -> some);
    }

    @ParameterizedTest
    @MethodSource("functions")
    void sameNumbers(ScalarFunction f) {
        CFunction c = f.inC().orElseThrow();
        for (double x : POINTS) {
            double y = CExpression.value(c.value(), x, Double.NaN);
            if (f instanceof DoubleUnaryOperator value) {
                close(value.applyAsDouble(x), y, "f at " + x);
            } else {
                close(ScalarFunctionsTest.value((ScalarFunctions) f, x), y, "f at " + x);
            }
            close(f.first(x, y), CExpression.value(c.first(), x, y), "f' at " + x);
            close(f.second(x, y), CExpression.value(c.second(), x, y), "f'' at " + x);
            close(f.third(x, y), CExpression.value(c.third(), x, y), "f''' at " + x);
        }
    }

    private static void close(double expected, double found, String what) {
        boolean neither = Double.isNaN(expected) && Double.isNaN(found);
        if (expected != found && !neither) {
            assertEquals(expected, found, 1e-14 * Math.abs(expected) + 1e-16, what);
        }
    }
}
