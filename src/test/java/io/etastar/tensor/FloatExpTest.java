package io.etastar.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FloatExpTest {
    /** Relative: 0.8 units in the last place of a number just above a power of two. */
    private static final double ROUNDING = 0.8 * 0x1p-23;

    private static double[] exp(double... x) {
        try (Kernels kernels = Backend.installed().kernels(DType.FLOAT)) {
            Tensor in = kernels.allocate(x.length);
            Tensor out = kernels.allocate(x.length);
            in.write(RawArray.of(x));
            kernels.map(Kernels.Unary.EXP, in, out).run();
            return out.toDoubles();
        }
    }

    @Test
    void isTheExponentialFunctionToAUnitInTheLastPlace() {
        double[] x = new Random(1).doubles(20000, -87, 88.7).map(v -> (float) v).toArray();
        for (int i = 0; i < 200; i++) {
            x[i] = (float) Math.scalb(x[i], -i / 4);
        }
        double[] found = exp(x);
        for (int i = 0; i < x.length; i++) {
            double exact = Math.exp(x[i]);
            assertEquals(exact, found[i], ROUNDING * exact, "exp of " + x[i]);
        }
    }

    @Test
    void endsInZeroAndInInfinity() {
        double[] found = exp(
                Double.NEGATIVE_INFINITY, -1e30, -104, 88.8, 89, 1e30, Double.POSITIVE_INFINITY, 0, -0.0, Double.NaN);
        double[] expected = {0, 0, 0, 1 / 0.0, 1 / 0.0, 1 / 0.0, 1 / 0.0, 1, 1, Double.NaN};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], found[i], "number " + i);
        }
    }

    /** Where floats lie {@link Float#MIN_VALUE} apart. */
    @Test
    void isGradualBelowTheLeastNormalNumber() {
        double[] x = new Random(2).doubles(200, -103, -87.4).map(v -> (float) v).toArray();
        double[] found = exp(x);
        for (int i = 0; i < x.length; i++) {
            assertEquals(Math.exp(x[i]), found[i], Float.MIN_VALUE, "exp of " + x[i]);
        }
    }
}
