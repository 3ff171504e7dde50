package io.etastar.graph.onnx;

/** Quotients and remainders of whole numbers, remainders of real ones; exact though the engine divides by a product with 1 / y. */
final class Quotients {
    private Quotients() {}

    /** x without what is behind the point, as a cast to whole numbers leaves it; without a slope. */
    static Value cut(Building b, Value x) {
        Constant known = x.constant();
        if (known != null) {
            return Value.of(known.map(v -> v < 0 ? Math.ceil(v) : Math.floor(v), true));
        }
        return b.subtract(b.floor(b.relu(x)), b.floor(b.relu(b.multiply(x, -1))))
                .whole(true);
    }

    /** x / y of whole numbers, towards 0; without a slope. */
    static Value cut(Building b, Value x, Value y) {
        Constant left = x.constant();
        Constant right = y.constant();
        if (left != null && right != null) {
            return Value.of(Constant.combine(left, right, true, (p, q) -> (double) ((long) p / (long) q)));
        }
        Value quotient = real(b, x, y);
        Value slack = slack(b, y);
        Value above = b.floor(b.relu(b.add(quotient, slack)));
        Value below = b.floor(b.relu(b.add(b.multiply(quotient, -1), slack)));
        return b.subtract(above, below).whole(true);
    }

    /** x - y floor(x / y), which has the sign of y; its slope is 1 in x. */
    static Value remainder(Building b, Value x, Value y) {
        Constant left = x.constant();
        Constant right = y.constant();
        boolean whole = x.whole() && y.whole();
        if (left != null && right != null) {
            return Value.of(Constant.combine(left, right, whole, (p, q) -> p - q * Math.floor(p / q)));
        }
        Value times = whole ? b.floor(b.add(real(b, x, y), slack(b, y))) : floored(b, x, y);
        return b.subtract(x, b.multiply(times, y)).whole(whole);
    }

    /** The remainder that has the sign of x. */
    static Value remainderOfSizes(Building b, Value x, Value y) {
        Constant left = x.constant();
        Constant right = y.constant();
        boolean whole = x.whole() && y.whole();
        if (left != null && right != null) {
            return Value.of(Constant.combine(left, right, whole, (p, q) -> p % q));
        }
        return b.multiply(remainder(b, size(b, x), size(b, y)), sign(b, x)).whole(whole);
    }

    static Value size(Building b, Value x) {
        return b.unary(x, Math::abs, v -> b.graph().math.abs(v)).whole(x.whole());
    }

    /** 1, 0 or -1; without a slope. */
    static Value sign(Building b, Value x) {
        return b.subtract(b.step(x), b.step(b.multiply(x, -1))).whole(x.whole());
    }

    private static Value real(Building b, Value x, Value y) {
        return b.divide(x.whole(false), y.whole(false));
    }

    /** Half of what a quotient of whole numbers can lack to the next whole number, more than its rounding. */
    private static Value slack(Building b, Value y) {
        return b.divide(Value.of(Constant.number(0.5, false)), size(b, y).whole(false));
    }

    /** floor(x / y), put right where rounding led over a whole number. */
    private static Value floored(Building b, Value x, Value y) {
        Value times = b.floor(real(b, x, y));
        Value rest = b.multiply(b.subtract(x, b.multiply(times, y)), sign(b, y));
        Value tooMuch = b.step(b.multiply(rest, -1));
        Value inRange = b.step(b.subtract(size(b, y), rest));
        Value one = Value.of(Constant.number(1, false));
        return b.subtract(b.add(times, b.subtract(one, inRange)), tooMuch);
    }
}
