package io.etastar.taylor.function;

import io.etastar.tensor.CFunction;
import io.etastar.tensor.ScalarFunction;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * y = x^c: the k-th derivative is c (c - 1) ... (c - k + 1) x^(c - k), and 0 if that product is 0.
 *
 * <p>For x below 0 only whole c give numbers.
 *
 * @param exponent c
 */
public record Power(double exponent) implements ScalarFunction, DoubleUnaryOperator {
    @Override
    public double applyAsDouble(double x) {
        if (exponent == 0.5) {
            return Math.sqrt(x);
        }
        return exponent == -1 ? 1 / x : Math.pow(x, exponent);
    }

    @Override
    public double first(double x, double y) {
        return term(exponent, 1, x);
    }

    @Override
    public double second(double x, double y) {
        return term(exponent * (exponent - 1), 2, x);
    }

    @Override
    public double third(double x, double y) {
        return term(exponent * (exponent - 1) * (exponent - 2), 3, x);
    }

    @Override
    public Optional<CFunction> inC() {
        String power = "pow(x, " + CFunction.number(exponent) + ")";
        return Optional.of(new CFunction(
                exponent == 0.5 ? "sqrt(x)" : exponent == -1 ? "1 / x" : power,
                termInC(exponent, 1),
                termInC(exponent * (exponent - 1), 2),
                termInC(exponent * (exponent - 1) * (exponent - 2), 3)));
    }

    private String termInC(double factor, int order) {
        return factor == 0
                ? CFunction.number(0)
                : CFunction.number(factor) + " * pow(x, " + CFunction.number(exponent - order) + ")";
    }

    @Override
    public void expand(double x, double y, int order, double[] out) {
        double factor = 1;
        for (int k = 1; k <= order; k++) {
            factor *= (exponent - k + 1) / k;
            out[k] = term(factor, k, x);
        }
    }

    private double term(double factor, int order, double x) {
        return factor == 0 ? 0 : factor * Math.pow(x, exponent - order);
    }
}
