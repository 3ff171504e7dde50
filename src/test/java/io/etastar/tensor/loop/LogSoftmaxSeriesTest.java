package io.etastar.tensor.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Tensor;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Coefficients of log softmax against log softmax of moved logits. */
class LogSoftmaxSeriesTest {
    private static final int ORDER = 10;

    private static double[] logSoftmax(double... z) {
        double largest = java.util.Arrays.stream(z).max().orElseThrow();
        double total = 0;
        for (double value : z) {
            total += Math.exp(value - largest);
        }
        double[] out = z.clone();
        for (int c = 0; c < z.length; c++) {
            out[c] -= largest + Math.log(total);
        }
        return out;
    }

    /** Coefficients [ORDER][directions, rows, classes] of the result for those of the logits; null is zero. */
    private static double[][] series(double[] z, int rows, int classes, int directions, double[]... in) {
        try (Kernels kernels = Backend.installed().kernels(DType.DOUBLE)) {
            Tensor p = kernels.allocate(rows, classes);
            for (int row = 0; row < rows; row++) {
                double[] own = logSoftmax(java.util.Arrays.copyOfRange(z, row * classes, (row + 1) * classes));
                for (int c = 0; c < classes; c++) {
                    p.fill(row * classes + c, row * classes + c + 1, Math.exp(own[c]));
                }
            }
            Tensor[] from = new Tensor[ORDER];
            Tensor[] to = new Tensor[ORDER];
            for (int k = 0; k < ORDER; k++) {
                to[k] = kernels.allocate(directions, rows, classes);
                if (k < in.length && in[k] != null) {
                    from[k] = kernels.allocate(directions, rows, classes);
                    from[k].write(RawArray.of(in[k]));
                }
            }
            kernels.logSoftmaxSeries(new Kernels.LogSoftmaxSeries(p, from, to)).run();
            double[][] found = new double[ORDER][];
            for (int k = 0; k < ORDER; k++) {
                found[k] = to[k].toDoubles();
            }
            return found;
        }
    }

    @Property(seed = "46", tries = 30)
    void thePolynomialIsTheFunctionNearby(
            @ForAll @IntRange(min = 1, max = 3) int rows,
            @ForAll @IntRange(min = 1, max = 4) int classes,
            @ForAll @IntRange(min = 1, max = 3) int directions,
            @ForAll long seed) {
        Random random = new Random(seed);
        double[] z = random.doubles(rows * classes, -3, 3).toArray();
        double[] first = random.doubles(directions * rows * classes, -1, 1).toArray();
        double[] third = random.doubles(first.length, -1, 1).toArray();
        double[][] found = series(z, rows, classes, directions, first, null, third);
        double t = 0.03;
        for (int i = 0; i < directions * rows; i++) {
            double[] still = new double[classes];
            double[] moved = new double[classes];
            for (int c = 0; c < classes; c++) {
                int at = i * classes + c;
                still[c] = z[i % rows * classes + c];
                moved[c] = still[c] + t * first[at] + t * t * t * third[at];
            }
            for (int c = 0; c < classes; c++) {
                double sum = 0;
                for (int k = ORDER - 1; k >= 0; k--) {
                    sum = (sum + found[k][i * classes + c]) * t;
                }
                assertEquals(logSoftmax(moved)[c] - logSoftmax(still)[c], sum, 1e-14);
            }
        }
    }

    /** A shift of all logits by 1e6 t changes nothing, and classes without probability do no harm. */
    @Test
    void whatIsCommonToAllClassesCancels() {
        double[] z = {1000, 999, -1000};
        double[][] plain = series(z, 1, 3, 1, new double[] {0.25, 0.5, 1});
        double[][] shifted = series(z, 1, 3, 1, new double[] {1e6 + 0.25, 1e6 + 0.5, 1e6 + 1});
        for (int k = 0; k < ORDER; k++) {
            for (int c = 0; c < 3; c++) {
                assertEquals(plain[k][c], shifted[k][c], 1e-9, "order " + (k + 1) + " class " + c);
            }
        }
        double p = 1 / (1 + Math.exp(-1));
        assertEquals(-(1 - p) * 0.25, plain[0][0], 1e-14);
        assertEquals(-p * (1 - p) * 0.0625 / 2, plain[1][0], 1e-14);
    }
}
