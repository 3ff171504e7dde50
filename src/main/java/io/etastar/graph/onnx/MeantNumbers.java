package io.etastar.graph.onnx;

/** Numbers that exporters rounded to single precision: PyTorch has them in double. */
final class MeantNumbers {
    /** SELU's constants, which files have in single precision. */
    static final double SELU_ALPHA = 1.6732632423543772848170429916717;

    static final double SELU_SCALE = 1.0507009873554804934193349852946;

    private static final int SHORT = 7;
    private static final int FEW = 4;
    private static final int MOST_DENOMINATOR = 16;
    private static final int MOST_NUMERATOR = 1000;
    private static final int MOST_SQUARE = 1 << 16;
    private static final double[] NAMED = {
        SELU_ALPHA,
        SELU_SCALE,
        SELU_ALPHA * SELU_SCALE,
        Math.E,
        Math.log(2),
        1 / Math.log(2),
        Math.log(10),
        1 / Math.log(10),
        Math.sqrt(2 / Math.PI),
        Math.sqrt(Math.PI / 2),
        Math.sqrt(Math.PI),
        1 / Math.sqrt(Math.PI),
        2 / Math.sqrt(Math.PI),
        Math.sqrt(2 * Math.PI),
        1 / Math.sqrt(2 * Math.PI),
        Math.log(2 * Math.PI),
        Math.log(2 * Math.PI) / 2
    };

    private MeantNumbers() {}

    /**
     * The number that was meant by the number of single precision next to it: a constant with a name, a short decimal such as 1e-5, the
     * reciprocal of a whole number, a root of one or of its reciprocal, a fraction of small numbers, such a part of pi, the reciprocal of a
     * decimal of few digits; in this order. Else the shortest decimal that is rounded to it.
     */
    static double of(float value) {
        return Math.copySign(ofSize(Math.abs(value)), value);
    }

    private static double ofSize(float size) {
        double named = first(size, NAMED);
        if (named > 0 || digits(size) <= SHORT) {
            return named > 0 ? named : Double.parseDouble(Float.toString(size));
        }
        double whole = first(
                size,
                1.0 / Math.round(1.0 / size),
                Math.sqrt(Math.min(MOST_SQUARE, Math.round(size * (double) size))),
                Math.sqrt(1.0 / Math.round(1.0 / size / size)));
        for (double unit : new double[] {1, Math.PI, 1 / Math.PI}) {
            whole = whole > 0 ? whole : fraction(size, unit);
        }
        float inverse = (float) (1.0 / size);
        if (whole == 0 && digits(inverse) <= FEW) {
            whole = first(size, 1 / Double.parseDouble(Float.toString(inverse)));
        }
        return whole > 0 ? whole : Double.parseDouble(Float.toString(size));
    }

    /** Digits of the shortest decimal, with a leading 0. */
    private static int digits(float size) {
        return Float.toString(size).replaceAll("E.*|[.]", "").length();
    }

    /** The first of some numbers that is rounded to another one; 0 if none is. */
    private static double first(float size, double... candidates) {
        for (double candidate : candidates) {
            if ((float) candidate == size) {
                return candidate;
            }
        }
        return 0;
    }

    /** k / m of a unit for small whole numbers; 0 if it is none. */
    private static double fraction(float size, double unit) {
        for (int m = 1; m <= MOST_DENOMINATOR; m++) {
            long k = Math.round(size / unit * m);
            double candidate = k * unit / m;
            if (k > 0 && k <= MOST_NUMERATOR && (float) candidate == size) {
                return candidate;
            }
        }
        return 0;
    }
}
