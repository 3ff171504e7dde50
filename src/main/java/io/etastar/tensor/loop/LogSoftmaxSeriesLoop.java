package io.etastar.tensor.loop;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import java.util.Arrays;

/**
 * {@link Kernels.LogSoftmaxSeries} row by row. With p = softmax(z_0) and z_1, z_2, ... centred by their means under p, which cancels
 * the part common to all classes,
 *
 * <pre>
 * e_0 = p,   k e_k = sum_{j=1..k} j z_j e_{k-j},   S_k = sum over classes of e_k   (e = p exp(z_1 t + z_2 t^2 + ...))
 * k S_k = sum_{j=1..k} j L_j S_{k-j}   solved for L_k                              (L = log S)
 * </pre>
 */
final class LogSoftmaxSeriesLoop implements Kernel {
    private final Kernels.LogSoftmaxSeries s;
    private final int order;
    private final int rows;
    private final int classes;
    /** z_k in row k, centred; e_k in row k. */
    private final double[][] z;

    private final double[][] e;
    private final double[] sums;
    private final double[] logs;

    LogSoftmaxSeriesLoop(Kernels.LogSoftmaxSeries series) {
        s = series;
        order = s.in().length;
        rows = s.probabilities().size(0);
        classes = s.probabilities().size(1);
        z = new double[order + 1][classes];
        e = new double[order + 1][classes];
        sums = new double[order + 1];
        logs = new double[order + 1];
    }

    @Override
    public void run() {
        int directions = s.out()[0].length() / (rows * classes);
        for (int row = 0; row < rows; row++) {
            s.probabilities().read(row * classes, e[0], classes);
            for (int k = 0; k < directions; k++) {
                row((k * rows + row) * classes);
            }
        }
    }

    private void row(int at) {
        sums[0] = 1;
        for (int k = 1; k <= order; k++) {
            if (s.in()[k - 1] != null) {
                s.in()[k - 1].read(at, z[k], classes);
                centre(z[k]);
            }
            sums[k] = exponential(k);
            double rest = 0;
            for (int j = 1; j < k; j++) {
                rest += j * logs[j] * sums[k - j];
            }
            logs[k] = sums[k] - rest / k;
        }
        for (int k = 1; k <= order; k++) {
            for (int c = 0; c < classes; c++) {
                z[k][c] -= logs[k];
            }
            s.out()[k - 1].write(at, z[k], classes);
            if (s.in()[k - 1] == null) {
                Arrays.fill(z[k], 0);
            }
        }
    }

    private void centre(double[] values) {
        double mean = 0;
        for (int c = 0; c < classes; c++) {
            mean += e[0][c] * values[c];
        }
        for (int c = 0; c < classes; c++) {
            values[c] -= mean;
        }
    }

    /** Sets e_k and returns its sum. */
    private double exponential(int k) {
        Arrays.fill(e[k], 0);
        for (int j = 1; j <= k; j++) {
            double factor = (double) j / k;
            for (int c = 0; c < classes; c++) {
                e[k][c] += factor * z[j][c] * e[k - j][c];
            }
        }
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            sum += e[k][c];
        }
        return sum;
    }
}
