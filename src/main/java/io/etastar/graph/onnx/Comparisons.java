package io.etastar.graph.onnx;

import static io.etastar.graph.onnx.Translations.single;

import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Comparisons, logic, roundings: numbers without a slope. Truth is 1 or 0. */
final class Comparisons {
    private Comparisons() {}

    static void add(Map<String, Translation> ops) {
        compare(ops, "Greater", (x, y) -> x > y ? 1 : 0, (b, d) -> b.step(d));
        compare(ops, "Less", (x, y) -> x < y ? 1 : 0, (b, d) -> b.step(b.multiply(d, -1)));
        compare(ops, "GreaterOrEqual", (x, y) -> x >= y ? 1 : 0, (b, d) -> not(b, b.step(b.multiply(d, -1))));
        compare(ops, "LessOrEqual", (x, y) -> x <= y ? 1 : 0, (b, d) -> not(b, b.step(d)));
        compare(ops, "Equal", (x, y) -> x == y ? 1 : 0, (b, d) -> not(b, b.step(b.square(d))));
        single(ops, "Not", (n, b) -> not(b, n.in(0)));
        single(ops, "And", (n, b) -> truth(b.multiply(n.in(0), n.in(1))));
        single(ops, "Or", (n, b) -> not(b, b.multiply(not(b, n.in(0)), not(b, n.in(1)))));
        single(ops, "Xor", (n, b) -> truth(b.square(b.subtract(n.in(0), n.in(1)))));
        single(ops, "Where", (n, b) -> b.chosen(n.in(0), n.in(1), n.in(2)));
        single(ops, "Sign", (n, b) -> b.subtract(b.step(n.in(0)), b.step(b.multiply(n.in(0), -1))));
        known(ops, "Floor", Math::floor);
        known(ops, "Ceil", Math::ceil);
        known(ops, "Round", Math::rint);
        // What is computed is finite: infinities have large numbers in their place, softmax is shifted.
        single(
                ops,
                "IsNaN",
                (n, b) -> n.in(0).known()
                        ? Value.of(n.constant(0).map(v -> Double.isNaN(v) ? 1 : 0, true))
                        : Value.of(Constant.number(0, true).expanded(n.in(0).shape())));
        single(ops, "IsInf", (n, b) -> {
            boolean above = n.integer("detect_positive", 1) == 1;
            boolean below = n.integer("detect_negative", 1) == 1;
            return Value.of(n.constant(0).map(v -> Double.isInfinite(v) && (v > 0 ? above : below) ? 1 : 0, true));
        });
        single(
                ops,
                "Mod",
                (n, b) -> Value.of(Constant.combine(
                        n.constant(0),
                        n.constant(1),
                        n.in(0).whole(),
                        n.integer("fmod", 0) == 1 ? (x, y) -> x % y : (x, y) -> x - y * Math.floor(x / y))));
        single(ops, "Cast", Comparisons::cast);
        single(ops, "CastLike", (n, b) -> n.in(0));
    }

    private interface OfDifference {
        Value apply(Building b, Value difference);
    }

    private static void compare(Map<String, Translation> ops, String name, DoubleBinaryOperator f, OfDifference op) {
        single(ops, name, (n, b) -> {
            Constant left = n.in(0).constant();
            Constant right = n.in(1).constant();
            return left != null && right != null
                    ? Value.of(Constant.combine(left, right, true, f))
                    : truth(op.apply(b, b.subtract(n.in(0), n.in(1))));
        });
    }

    private static Value truth(Value x) {
        Constant constant = x.constant();
        return new Value(constant, x.variable(), x.shape(), true);
    }

    private static Value not(Building b, Value x) {
        return truth(b.subtract(Value.of(Constant.number(1, true)), x));
    }

    private static void known(Map<String, Translation> ops, String name, DoubleUnaryOperator f) {
        single(ops, name, (n, b) -> Value.of(n.constant(0).map(f, n.in(0).whole())));
    }

    /** Real numbers are all the engine's own; what becomes whole is cut if it is known, and must be whole already if not. */
    private static Value cast(OnnxNode n, Building b) {
        long type = n.integer("to", 1);
        boolean whole = !OnnxTensors.isReal(type);
        Value x = n.in(0);
        Constant constant = x.constant();
        if (constant == null) {
            // Truth is what is not 0, such as a token's index.
            return type == OnnxTensors.TRUTH
                    ? truth(b.step(b.square(x)))
                    : new Value(null, x.variable(), x.shape(), whole);
        }
        if (type == OnnxTensors.TRUTH) {
            return Value.of(constant.map(v -> v != 0 ? 1 : 0, true));
        }
        return Value.of(constant.map(whole ? v -> v < 0 ? Math.ceil(v) : Math.floor(v) : v -> v, whole));
    }
}
