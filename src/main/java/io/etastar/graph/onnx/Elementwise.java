package io.etastar.graph.onnx;

import static io.etastar.graph.onnx.Translations.single;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** Arithmetic, and functions of each number. */
final class Elementwise {
    private static final int LARGEST_EXPONENT = 16;

    private Elementwise() {}

    /** An op of the graph on one variable. */
    private interface GraphOp {
        SDVariable apply(SameDiff graph, SDVariable x);
    }

    static void add(Map<String, Translation> ops) {
        arithmetic(ops);
        functions(ops);
        activations(ops);
    }

    private static void arithmetic(Map<String, Translation> ops) {
        single(ops, "Add", (n, b) -> b.add(n.in(0), n.in(1)));
        single(ops, "Sub", (n, b) -> b.subtract(n.in(0), n.in(1)));
        single(ops, "Mul", (n, b) -> b.multiply(n.in(0), n.in(1)));
        single(ops, "Div", (n, b) -> b.divide(n.in(0), n.in(1)));
        single(
                ops,
                "Neg",
                (n, b) ->
                        b.multiply(n.in(0), Value.of(Constant.number(-1, n.in(0).whole()))));
        single(ops, "Pow", Elementwise::power);
        single(ops, "Sum", (n, b) -> folded(n.in(), b::add));
        single(ops, "Mean", (n, b) -> b.multiply(folded(n.in(), b::add), 1.0 / n.inputs()));
        single(ops, "Max", (n, b) -> folded(n.in(), (x, y) -> larger(b, x, y)));
        single(ops, "Min", (n, b) -> folded(n.in(), (x, y) -> smaller(b, x, y)));
        single(ops, "Clip", Elementwise::clip);
        single(ops, "PRelu", (n, b) -> leaky(b, n.in(0), aligned(b, n.in(0), n.in(1))));
        single(ops, "Identity", (n, b) -> n.in(0));
        ops.put("Dropout", Elementwise::dropout);
    }

    private static void functions(Map<String, Translation> ops) {
        unary(ops, "Exp", Math::exp, (g, x) -> g.math.exp(x));
        unary(ops, "Log", Math::log, (g, x) -> g.math.log(x));
        unary(ops, "Sqrt", Math::sqrt, (g, x) -> g.math.sqrt(x));
        unary(ops, "Reciprocal", v -> 1 / v, (g, x) -> g.math.reciprocal(x));
        single(ops, "Abs", (n, b) -> Quotients.size(b, n.in(0)));
        unary(ops, "Sin", Math::sin, (g, x) -> g.math.sin(x));
        unary(ops, "Cos", Math::cos, (g, x) -> g.math.cos(x));
        unary(ops, "Sinh", Math::sinh, (g, x) -> g.math.sinh(x));
        unary(ops, "Cosh", Math::cosh, (g, x) -> g.math.cosh(x));
        unary(ops, "Atan", Math::atan, (g, x) -> g.math.atan(x));
        unary(ops, "Tanh", Math::tanh, (g, x) -> g.math.tanh(x));
        unary(ops, "Erf", org.apache.commons.numbers.gamma.Erf::value, (g, x) -> g.math.erf(x));
        single(ops, "Tan", (n, b) -> {
            Value cosine = b.unary(n.in(0), Math::cos, x -> b.graph().math.cos(x));
            return b.divide(b.unary(n.in(0), Math::sin, x -> b.graph().math.sin(x)), cosine);
        });
    }

    private static void unary(Map<String, Translation> ops, String name, DoubleUnaryOperator f, GraphOp op) {
        single(ops, name, (n, b) -> b.unary(n.in(0), f, x -> op.apply(b.graph(), x)));
    }

    private static void activations(Map<String, Translation> ops) {
        single(ops, "Relu", (n, b) -> b.relu(n.in(0)));
        single(ops, "Sigmoid", (n, b) -> sigmoid(b, n.in(0)));
        single(ops, "Softplus", (n, b) -> softplus(b, n.in(0)));
        single(
                ops,
                "Softsign",
                (n, b) -> b.unary(
                        n.in(0), v -> v / (1 + Math.abs(v)), x -> b.graph().nn.softsign(x)));
        single(ops, "LeakyRelu", (n, b) -> leaky(b, n.in(0), number(n.real("alpha", 0.01))));
        single(ops, "Elu", (n, b) -> elu(b, n.in(0), n.real("alpha", 1)));
        single(
                ops,
                "Selu",
                (n, b) -> b.multiply(
                        elu(b, n.in(0), n.real("alpha", MeantNumbers.SELU_ALPHA)),
                        n.real("gamma", MeantNumbers.SELU_SCALE)));
        single(ops, "Celu", (n, b) -> {
            double a = n.real("alpha", 1);
            return b.multiply(elu(b, b.multiply(n.in(0), 1 / a), 1), a);
        });
        single(ops, "HardSigmoid", (n, b) -> hardSigmoid(b, n.in(0), n.real("alpha", 0.2), n.real("beta", 0.5)));
        single(ops, "HardSwish", (n, b) -> b.multiply(n.in(0), hardSigmoid(b, n.in(0), 1.0 / 6, 0.5)));
        single(
                ops,
                "Mish",
                (n, b) -> b.multiply(
                        n.in(0),
                        b.unary(
                                softplus(b, n.in(0)),
                                Math::tanh,
                                x -> b.graph().math.tanh(x))));
        single(ops, "Swish", (n, b) -> b.multiply(n.in(0), sigmoid(b, b.multiply(n.in(0), n.real("alpha", 1)))));
        single(
                ops,
                "Gelu",
                (n, b) -> gelu(b, n.in(0), n.word("approximate", "none", "tanh").equals("tanh")));
        single(ops, "ThresholdedRelu", (n, b) -> b.multiply(n.in(0), b.step(b.add(n.in(0), -n.real("alpha", 1)))));
        single(ops, "Shrink", (n, b) -> {
            double lambd = n.real("lambd", 0.5);
            double bias = n.real("bias", 0);
            Value above = b.step(b.add(n.in(0), -lambd));
            Value below = b.step(b.add(b.multiply(n.in(0), -1), -lambd));
            return b.add(b.multiply(b.add(n.in(0), -bias), above), b.multiply(b.add(n.in(0), bias), below));
        });
    }

    private static Value number(double value) {
        return Value.of(Constant.number(value, false));
    }

    private interface Operator {
        Value apply(Value x, Value y);
    }

    private static Value folded(List<Value> values, Operator f) {
        Value result = values.get(0);
        for (Value next : values.subList(1, values.size())) {
            result = f.apply(result, next);
        }
        return result;
    }

    static Value larger(Building b, Value x, Value y) {
        return extreme(b, x, y, Math::max, true);
    }

    private static Value smaller(Building b, Value x, Value y) {
        return extreme(b, x, y, Math::min, false);
    }

    /** x or y, never a sum of both, which would lose digits. */
    private static Value extreme(Building b, Value x, Value y, DoubleBinaryOperator f, boolean larger) {
        Constant left = x.constant();
        Constant right = y.constant();
        boolean whole = x.whole() && y.whole();
        if (left != null && right != null) {
            return Value.of(Constant.combine(left, right, whole, f));
        }
        if (right != null && right.uniform() && Arrays.equals(x.shape(), Sides.broadcast(x.shape(), y.shape()))) {
            double bound = right.values()[0];
            return larger ? clip(b, x, bound, Double.POSITIVE_INFINITY) : clip(b, x, Double.NEGATIVE_INFINITY, bound);
        }
        if (left != null) {
            return extreme(b, y, x, f, larger);
        }
        Value first = b.step(larger ? b.subtract(x, b.finite(y)) : b.subtract(b.finite(y), x));
        return b.chosen(first, x, y).whole(whole);
    }

    private static Value clip(OnnxNode n, Building b) {
        double low = bound(n, 1, "min", Double.NEGATIVE_INFINITY);
        double high = bound(n, 2, "max", Double.POSITIVE_INFINITY);
        return clip(b, n.in(0), low, high);
    }

    private static Value clip(Building b, Value x, double low, double high) {
        Constant constant = x.constant();
        if (constant != null) {
            return Value.of(constant.map(v -> Math.min(Math.max(v, low), high), x.whole()));
        }
        if (low == 0 && high == Double.POSITIVE_INFINITY) {
            return b.relu(x);
        }
        boolean open = low < -Float.MAX_VALUE / 2 && high > Float.MAX_VALUE / 2;
        double from = Math.max(low, -Float.MAX_VALUE);
        double to = Math.min(high, Float.MAX_VALUE);
        return open
                ? x
                : b.unary(x, v -> v, v -> b.graph().math.clipByValue(v, from, to))
                        .whole(x.whole());
    }

    private static double bound(OnnxNode n, int i, String attribute, double otherwise) {
        return n.has(i) ? n.constant(i).single() : n.real(attribute, otherwise);
    }

    /** x^c, cut if x is whole; exp(c log x) where exponents differ from element to element. */
    private static Value power(OnnxNode n, Building b) {
        Value result = realPower(n, b);
        return n.in(0).whole() && !result.whole() ? Quotients.cut(b, result) : result;
    }

    private static Value realPower(OnnxNode n, Building b) {
        Value x = n.in(0);
        Constant exponents = n.in(1).constant();
        Constant base = x.constant();
        if (exponents != null && base != null) {
            return Value.of(Constant.combine(base, exponents, false, Math::pow));
        }
        if (exponents == null || !exponents.uniform()) {
            return b.exp(b.multiply(n.in(1), b.log(x)));
        }
        double c = exponents.values()[0];
        Value result = c == Math.rint(c) && c >= 0 && c <= LARGEST_EXPONENT ? repeated(b, x, (int) c) : root(b, x, c);
        return b.expanded(result, Sides.broadcast(x.shape(), n.in(1).shape()));
    }

    /** Whole powers by products, right for numbers below 0 as well. */
    private static Value repeated(Building b, Value x, int c) {
        if (c == 0) {
            return b.expanded(number(1), x.shape());
        }
        if (c == 1) {
            return x;
        }
        Value half = repeated(b, x, c / 2);
        Value square = b.square(half);
        return c % 2 == 0 ? square : b.multiply(square, x);
    }

    private static Value root(Building b, Value x, double c) {
        if (c == 0.5) {
            return b.unary(x, Math::sqrt, v -> b.graph().math.sqrt(v));
        }
        if (c == -0.5) {
            return b.unary(x, v -> 1 / Math.sqrt(v), v -> b.graph().math.rsqrt(v));
        }
        if (c == -1) {
            return b.unary(x, v -> 1 / v, v -> b.graph().math.reciprocal(v));
        }
        return b.unary(x, v -> Math.pow(v, c), v -> b.graph().math.pow(v, c));
    }

    /** A slope of each channel is [C, 1, 1] already as ONNX broadcasts, from the end. */
    private static Value aligned(Building b, Value x, Value slope) {
        return slope.rank() > x.rank() ? b.reshaped(slope, x.shape()) : slope;
    }

    /** max(x, 0) + slope min(x, 0). */
    private static Value leaky(Building b, Value x, Value slope) {
        Constant known = slope.constant();
        if (known != null && known.uniform()) {
            double c = known.values()[0];
            return b.unary(x, v -> v > 0 ? v : c * v, v -> b.graph().nn.leakyRelu(v, c));
        }
        Value above = b.relu(x);
        return b.add(above, b.multiply(b.subtract(x, above), slope));
    }

    /** x above 0, else alpha (exp x - 1): alpha elu(x) + (1 - alpha) relu(x). */
    private static Value elu(Building b, Value x, double alpha) {
        Value bent =
                b.unary(x, v -> v > 0 ? v : Math.expm1(v), v -> b.graph().nn.elu(v));
        return alpha == 1 ? bent : b.add(b.multiply(bent, alpha), b.multiply(b.relu(x), 1 - alpha));
    }

    static Value sigmoid(Building b, Value x) {
        return b.unary(x, v -> 1 / (1 + Math.exp(-v)), v -> b.graph().nn.sigmoid(v));
    }

    static Value softplus(Building b, Value x) {
        return b.unary(
                x,
                v -> Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v))),
                v -> b.graph().nn.softplus(v));
    }

    private static Value hardSigmoid(Building b, Value x, double alpha, double beta) {
        Value line = b.add(b.multiply(x, alpha), beta);
        return b.unary(
                line, v -> Math.min(Math.max(v, 0), 1), v -> b.graph().math.clipByValue(v, 0, 1));
    }

    /** x times the normal distribution's probability below x, exact or by tanh. */
    private static Value gelu(Building b, Value x, boolean byTanh) {
        if (byTanh) {
            Value cube = b.multiply(b.multiply(b.square(x), x), 0.044715);
            Value inner = b.multiply(b.add(x, cube), Math.sqrt(2 / Math.PI));
            Value gate = b.add(b.unary(inner, Math::tanh, v -> b.graph().math.tanh(v)), 1);
            return b.multiply(b.multiply(x, 0.5), gate);
        }
        Value below = b.unary(
                b.multiply(x, Math.sqrt(0.5)),
                org.apache.commons.numbers.gamma.Erf::value,
                v -> b.graph().math.erf(v));
        return b.multiply(b.add(below, 1), b.multiply(x, 0.5));
    }

    /** x in predictions, and in training unless the node says that it acts there. */
    private static List<@Nullable Value> dropout(OnnxNode n, Building b) {
        // Masks are drawn anew in each step.
        n.passOver("seed", "ratio");
        double ratio = n.has(1) ? n.constant(1).single() : n.real("ratio", 0.5);
        boolean acts = n.has(2) && n.constant(2).single() != 0 && ratio > 0;
        Value x = n.in(0);
        Value out = acts ? Value.of(b.graph().nn.dropout(b.real(x), 1 - ratio), false, x.shape()) : x;
        // A mask that is drawn is not known.
        return Arrays.asList(
                out, acts ? null : Value.of(Constant.number(1, true).expanded(x.shape())));
    }
}
