package io.etastar.tensor;

/**
 * exp x in single precision, to a unit in the last place: exp x = 2^n exp r with n = round(x / log 2), and exp r = 1 + r + r^2 q(r)
 * with a minimax fit q of degree 4 for |r| up to log(2) / 2, relative error 3.1e-9.
 *
 * <p>A tenth of the time of {@link Math#exp}; the softmax of attention is made of it. Not on the Vector API, which is as fast once it
 * is compiled and a hundred times slower before: a small model's fit may be over by then.
 */
public final class FloatExp {
    /** Adding it leaves a float's nearest whole number in its last bits: 1.5 times 2^23. */
    private static final float ROUNDER = 12582912;

    private static final float INVERSE_LOG2 = 1.442695f;
    /** log 2 in two parts; the first has so few bits that its product with n is exact. */
    private static final float LOG2_HIGH = 0.693359375f;

    private static final float LOG2_LOW = -2.12194440e-4f;
    /** Beyond these the result is 0 or infinity. */
    private static final float LEAST = -104;

    private static final float LARGEST = 89;
    private static final int EXPONENT_BIAS = 127;
    private static final int FRACTION_BITS = 23;

    private FloatExp() {}

    /**
     * values[i] = exp values[i] for i below {@code count}.
     *
     * @param scratch at least as long; overwritten
     */
    public static void exp(float[] values, int count, float[] scratch) {
        for (int i = 0; i < count; i++) {
            float x = Math.max(LEAST, Math.min(values[i], LARGEST));
            float shifted = x * INVERSE_LOG2 + ROUNDER;
            float n = shifted - ROUNDER;
            float r = x - n * LOG2_HIGH - n * LOG2_LOW;
            float q = 0.00138145985f * r + 0.00836871689f;
            q = q * r + 0.041668388f;
            q = q * r + 0.166665206f;
            q = q * r + 0.499999934f;
            values[i] = q * (r * r) + r + 1;
            scratch[i] = shifted;
        }
        scale(values, scratch, count);
    }

    /** values[i] *= 2^n. A loop of its own: the compiler makes vectors of the other, but not of a float's bits. */
    private static void scale(float[] values, float[] shifted, int count) {
        for (int i = 0; i < count; i++) {
            int n = Float.floatToRawIntBits(shifted[i]) - Float.floatToRawIntBits(ROUNDER);
            // In two factors: 2^n itself leaves the exponents of floats where exp x is below 2^-126 or above 2^127.
            int half = n >> 1;
            values[i] = values[i] * powerOfTwo(half) * powerOfTwo(n - half);
        }
    }

    private static float powerOfTwo(int n) {
        return Float.intBitsToFloat(n + EXPONENT_BIAS << FRACTION_BITS);
    }
}
