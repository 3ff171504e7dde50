package io.etastar.graph.onnx;

import static io.etastar.graph.onnx.Translations.single;

import java.util.Map;
import java.util.function.DoubleBinaryOperator;

/** Comparisons, logic, roundings: numbers without a slope. Truth is 1 or 0. */
final class Comparisons {
    private static final double HALF = 0.5;

    private Comparisons() {}

    static void add(Map<String, Translation> ops) {
        compare(ops, "Greater", (x, y) -> x > y ? 1 : 0, (b, d) -> b.step(d));
        compare(ops, "Less", (x, y) -> x < y ? 1 : 0, (b, d) -> b.step(b.multiply(d, -1)));
        compare(ops, "GreaterOrEqual", (x, y) -> x >= y ? 1 : 0, (b, d) -> not(b, b.step(b.multiply(d, -1))));
        compare(ops, "LessOrEqual", (x, y) -> x <= y ? 1 : 0, (b, d) -> not(b, b.step(d)));
        compare(ops, "Equal", (x, y) -> x == y ? 1 : 0, (b, d) -> not(b, b.nonZero(d)));
        single(ops, "Not", (n, b) -> not(b, n.in(0)));
        single(ops, "And", (n, b) -> truth(b.multiply(n.in(0), n.in(1))));
        single(ops, "Or", (n, b) -> not(b, b.multiply(not(b, n.in(0)), not(b, n.in(1)))));
        single(ops, "Xor", (n, b) -> truth(b.square(b.subtract(n.in(0), n.in(1)))));
        single(ops, "Where", (n, b) -> b.chosen(n.in(0), n.in(1), n.in(2)));
        single(ops, "Sign", (n, b) -> Quotients.sign(b, n.in(0)));
        single(ops, "Floor", (n, b) -> b.floor(n.in(0)));
        single(ops, "Ceil", (n, b) -> b.multiply(b.floor(b.multiply(n.in(0), -1)), -1));
        single(ops, "Round", (n, b) -> rounded(b, n.in(0)));
        single(ops, "IsNaN", Comparisons::isNan);
        single(ops, "IsInf", (n, b) -> {
            boolean above = n.flag("detect_positive", true);
            boolean below = n.flag("detect_negative", true);
            return Value.of(n.constant(0).map(v -> Double.isInfinite(v) && (v > 0 ? above : below) ? 1 : 0, true));
        });
        single(
                ops,
                "Mod",
                (n, b) -> n.flag("fmod", false)
                        ? Quotients.remainderOfSizes(b, n.in(0), n.in(1))
                        : Quotients.remainder(b, n.in(0), n.in(1)));
        single(ops, "Cast", Comparisons::cast);
        single(ops, "CastLike", Comparisons::castLike);
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

    /** The nearest whole number, the even one of two; without a slope. */
    private static Value rounded(Building b, Value x) {
        if (x.whole()) {
            return x;
        }
        if (x.known()) {
            return b.unary(x, Math::rint, v -> v);
        }
        Value below = b.floor(x);
        Value rest = b.subtract(x, below);
        Value more = b.step(b.add(rest, -HALF));
        Value tie = not(b, b.nonZero(b.add(rest, -HALF)));
        Value odd = b.subtract(below, b.multiply(b.floor(b.multiply(below, HALF)), 2));
        return b.add(below, b.add(more, b.multiply(tie, odd)));
    }

    private static Value isNan(OnnxNode n, Building b) {
        Value x = n.in(0);
        if (x.known()) {
            return Value.of(n.constant(0).map(v -> Double.isNaN(v) ? 1 : 0, true));
        }
        Value found = b.infinities().isNan(b, x);
        if (found == null) {
            throw n.error("what the network computes", "a constant, or what a softmax gives");
        }
        return found;
    }

    /** Real numbers are all the engine's own; whole ones have no bounds. */
    private static Value cast(OnnxNode n, Building b) {
        // Of numbers of 8 bits.
        n.passOver("saturate", "round_mode");
        long type = n.required("to");
        Value x = n.in(0);
        if (!OnnxTensors.isKnown(type)) {
            throw n.error("type " + type + " of ONNX", "numbers of 8 to 64 bits or truth");
        }
        if (type == OnnxTensors.TRUTH) {
            // Truth is what is not 0, such as a token's index.
            return b.nonZero(x);
        }
        if (OnnxTensors.isReal(type)) {
            return x.whole(false);
        }
        // Not the same value: that may be truth.
        return x.whole() ? x.whole(true) : Quotients.cut(b, x);
    }

    private static Value castLike(OnnxNode n, Building b) {
        n.passOver("saturate", "round_mode");
        Value x = n.in(0);
        Value like = n.in(1);
        if (b.truths().contains(like)) {
            return b.nonZero(x);
        }
        return !like.whole() ? x.whole(false) : x.whole() ? x.whole(true) : Quotients.cut(b, x);
    }
}
