package io.etastar.taylor.function;

import io.etastar.tensor.CFunction;
import io.etastar.tensor.ScalarFunction;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * y = x^2 / 2 for abs(x) at most d, else d abs(x) - d^2 / 2: f' = x between -d and d, else d or -d; f'' = 1 there, else 0.
 *
 * @param delta d
 */
public record Huber(double delta) implements ScalarFunction, DoubleUnaryOperator {
    @Override
    public double applyAsDouble(double x) {
        double size = Math.abs(x);
        return size <= delta ? 0.5 * x * x : delta * size - 0.5 * delta * delta;
    }

    @Override
    public double first(double x, double y) {
        return Math.min(Math.max(x, -delta), delta);
    }

    @Override
    public double second(double x, double y) {
        return Math.abs(x) <= delta ? 1 : 0;
    }

    @Override
    public double third(double x, double y) {
        return 0;
    }

    @Override
    public Optional<CFunction> inC() {
        String d = CFunction.number(delta);
        return Optional.of(new CFunction(
                "fabs(x) <= " + d + " ? x * x / 2 : " + d + " * (fabs(x) - " + d + " / 2)",
                "fabs(x) <= " + d + " ? x : (x > 0 ? " + d + " : -" + d + ")",
                "fabs(x) <= " + d + " ? T(1) : T(0)",
                "T(0)"));
    }

    @Override
    public void expand(double x, double y, int order, double[] out) {
        Expansions.polynomial(order, out, first(x, y), second(x, y) / 2);
    }
}
