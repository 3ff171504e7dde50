package io.etastar.taylor.function;

import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.special.Erf;

/** The value of an expression in C as {@link io.etastar.tensor.CFunction} has them, by recursive descent. */
final class CExpression {
    private static final Map<String, DoubleUnaryOperator> FUNCTIONS = Map.ofEntries(
            Map.entry("T", x -> x),
            Map.entry("exp", Math::exp),
            Map.entry("expm1", Math::expm1),
            Map.entry("log", Math::log),
            Map.entry("log1p", Math::log1p),
            Map.entry("fabs", Math::abs),
            Map.entry("sqrt", Math::sqrt),
            Map.entry("tanh", Math::tanh),
            Map.entry("sinh", Math::sinh),
            Map.entry("cosh", Math::cosh),
            Map.entry("sin", Math::sin),
            Map.entry("cos", Math::cos),
            Map.entry("atan", Math::atan),
            Map.entry("erf", Erf::erf));

    private final String text;
    private final double x;
    private final double y;
    private int at;

    private CExpression(String text, double x, double y) {
        this.text = text.replace(" ", "");
        this.x = x;
        this.y = y;
    }

    static double value(String text, double x, double y) {
        CExpression expression = new CExpression(text, x, y);
        double value = expression.choice();
        if (expression.at != expression.text.length()) {
            throw new IllegalArgumentException(text + " at " + expression.at);
        }
        return value;
    }

    private boolean take(String token) {
        boolean there = text.startsWith(token, at);
        at += there ? token.length() : 0;
        return there;
    }

    private void need(String token) {
        if (!take(token)) {
            throw new IllegalArgumentException(text + ": no " + token + " at " + at);
        }
    }

    private double choice() {
        double condition = comparison();
        while (take("&&")) {
            condition *= comparison();
        }
        if (!take("?")) {
            return condition;
        }
        double yes = choice();
        need(":");
        double no = choice();
        return condition != 0 ? yes : no;
    }

    private double comparison() {
        double left = sum();
        if (take("<=")) {
            return left <= sum() ? 1 : 0;
        }
        if (take(">=")) {
            return left >= sum() ? 1 : 0;
        }
        if (take("==")) {
            return left == sum() ? 1 : 0;
        }
        if (take("<")) {
            return left < sum() ? 1 : 0;
        }
        return take(">") ? left > sum() ? 1 : 0 : left;
    }

    private double sum() {
        double sum = product();
        while (true) {
            if (take("+")) {
                sum += product();
            } else if (take("-")) {
                sum -= product();
            } else {
                return sum;
            }
        }
    }

    private double product() {
        double product = factor();
        while (true) {
            if (take("*")) {
                product *= factor();
            } else if (take("/")) {
                product /= factor();
            } else {
                return product;
            }
        }
    }

    private double factor() {
        if (take("-")) {
            return -factor();
        }
        if (take("(")) {
            double value = choice();
            need(")");
            return value;
        }
        return Character.isLetter(text.charAt(at)) ? named() : number();
    }

    private double named() {
        int from = at;
        while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
            at++;
        }
        String name = text.substring(from, at);
        if (!take("(")) {
            return name.equals("x") ? x : y;
        }
        double argument = choice();
        double second = take(",") ? choice() : 0;
        need(")");
        return name.equals("pow")
                ? Math.pow(argument, second)
                : FUNCTIONS.get(name).applyAsDouble(argument);
    }

    private double number() {
        int from = at;
        while (at < text.length() && (".E".indexOf(text.charAt(at)) >= 0 || Character.isDigit(text.charAt(at)))) {
            at += text.charAt(at) == 'E' && text.charAt(at + 1) == '-' ? 2 : 1;
        }
        return Double.parseDouble(text.substring(from, at));
    }
}
