package io.etastar.taylor.composite;

/** Quotients and activations as sums and products of ops that have rules. */
public final class Arithmetic {
    private static final double SELU_SCALE = 1.0507009873554804934193349852946;
    private static final double SELU_ALPHA = 1.6732632423543772848170429916717;

    private Arithmetic() {}

    /** x / y = x y^-1. */
    public static void divide(Decomposer p, String x, String y) {
        p.part("multiply", x, p.part("Reciprocal", y));
    }

    /** c / x = c x^-1. */
    public static void scalarOver(Decomposer p) {
        p.scalars("mul_scalar", p.scalar(0, 1), p.part("Reciprocal", p.in(0)));
    }

    /** x sigmoid(1.702 x). */
    public static void geluBySigmoid(Decomposer p) {
        p.part("multiply", p.in(0), p.part("sigmoid", p.scalars("mul_scalar", 1.702, p.in(0))));
    }

    /** x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))). */
    public static void geluByTanh(Decomposer p) {
        String cube = p.scalars("mul_scalar", 0.044715, p.part("cube", p.in(0)));
        String inner = p.scalars("mul_scalar", Math.sqrt(2 / Math.PI), p.part("add", p.in(0), cube));
        String gate = p.scalars("add_scalar", 1, p.part("tanh", inner));
        p.part("multiply", p.scalars("mul_scalar", 0.5, p.in(0)), gate);
    }

    /** x / (1 + abs(x)). */
    public static void softsign(Decomposer p) {
        String size = p.scalars("add_scalar", 1, p.part("abs", p.in(0)));
        p.part("multiply", p.in(0), p.part("Reciprocal", size));
    }

    /** s max(x, 0) + s a (exp(min(x, 0)) - 1), which is s a elu(x) + s (1 - a) relu(x). */
    public static void selu(Decomposer p) {
        String bent = p.scalars("mul_scalar", SELU_SCALE * SELU_ALPHA, p.part("elu", p.in(0)));
        String straight = p.scalars("mul_scalar", SELU_SCALE * (1 - SELU_ALPHA), p.part("relu", p.in(0)));
        p.part("add", bent, straight);
    }

    /** min(max(x / 5 + 1 / 2, 0), 1). */
    public static void hardSigmoid(Decomposer p) {
        String line = p.scalars("add_scalar", 0.5, p.scalars("mul_scalar", 0.2, p.in(0)));
        String clipped = p.scalars("hardtanh", 0, p.scalars("add_scalar", -1, p.scalars("mul_scalar", 2, line)));
        p.scalars("mul_scalar", 0.5, p.scalars("add_scalar", 1, clipped));
    }

    /** max(x, 0) + b min(x, 0) with a parameter b that broadcasts. */
    public static void parametricRelu(Decomposer p) {
        String above = p.part("relu", p.in(0));
        p.part("add", above, p.part("multiply", p.part("subtract", p.in(0), above), p.in(1)));
    }
}
