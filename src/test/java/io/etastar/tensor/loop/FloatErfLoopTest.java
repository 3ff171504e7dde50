package io.etastar.tensor.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Tensor;
import java.util.Random;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.Test;

class FloatErfLoopTest {
    /** Half a float's last place, and the error of the fit: relative, as numbers of one power of two lie apart. */
    private static final double ROUNDING = 0x1p-24 + 2e-9;

    private static double[] erf(double... x) {
        try (Kernels kernels = Backend.installed().kernels(DType.FLOAT)) {
            Tensor in = kernels.allocate(x.length);
            Tensor out = kernels.allocate(x.length);
            in.write(RawArray.of(x));
            kernels.map(Kernels.Unary.ERF, in, out).run();
            return out.toDoubles();
        }
    }

    /** Against an implementation by series and continued fractions. */
    @Test
    void isTheErrorFunctionRounded() {
        double[] x = new Random(1).doubles(20000, -4.5, 4.5).map(v -> (float) v).toArray();
        for (int i = 0; i < 200; i++) {
            x[i] = (float) Math.scalb(x[i], -i / 2);
        }
        double[] found = erf(x);
        for (int i = 0; i < x.length; i++) {
            double exact = Erf.erf(x[i]);
            assertEquals(exact, found[i], ROUNDING * Math.abs(exact), "erf of " + x[i]);
        }
    }

    @Test
    void isOneFromWhereItRoundsToOne() {
        double from = FloatErfLoop.LARGEST;
        double[] found =
                erf(from, 4, 100, Float.MAX_VALUE, Double.POSITIVE_INFINITY, -from, -7, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < found.length; i++) {
            assertEquals(i < 5 ? 1 : -1, found[i], 0, "number " + i);
        }
    }

    @Test
    void ofZeroIsZeroAndOfNoNumberIsNone() {
        double[] found = erf(0, -0.0, Double.NaN, Float.MIN_VALUE);
        assertEquals(0.0, found[0]);
        assertEquals(-0.0, found[1]);
        assertEquals(Double.NaN, found[2]);
        assertEquals(Float.MIN_VALUE, found[3]);
    }
}
