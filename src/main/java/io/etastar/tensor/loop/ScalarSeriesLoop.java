package io.etastar.tensor.loop;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.ScalarFunction;
import java.util.Arrays;

/** {@link ScalarFunction.Series} in blocks of elements: f is expanded once per element, then composed for each stacked direction. */
final class ScalarSeriesLoop implements Kernel {
    private final ScalarFunction.Series s;
    private final int n;
    private final int order;
    private final double[] x = new double[HostMemory.BLOCK];
    private final double[] y = new double[HostMemory.BLOCK];
    private final double[] expansion;
    /** c_m in row m. */
    private final double[][] outer;
    /** x_k in row k; rows of zero coefficients stay zero. */
    private final double[][] inner;
    /** [t^k] (x_1 t + ...)^m in row k, for one m after another. */
    private final double[][] power;
    /** y_k in row k. */
    private final double[][] result;

    ScalarSeriesLoop(ScalarFunction.Series series) {
        s = series;
        n = s.x().length();
        order = s.in().length;
        expansion = new double[order + 1];
        outer = new double[order + 1][HostMemory.BLOCK];
        inner = new double[order + 1][HostMemory.BLOCK];
        power = new double[order + 1][HostMemory.BLOCK];
        result = new double[order + 1][HostMemory.BLOCK];
    }

    @Override
    public void run() {
        int directions = s.out()[0].length() / n;
        for (int at = 0; at < n; at += HostMemory.BLOCK) {
            int count = Math.min(HostMemory.BLOCK, n - at);
            expand(at, count);
            for (int k = 0; k < directions; k++) {
                direction(k * n + at, count);
            }
        }
    }

    private void expand(int at, int count) {
        s.x().read(at, x, count);
        s.y().read(at, y, count);
        for (int i = 0; i < count; i++) {
            s.f().expand(x[i], y[i], order, expansion);
            for (int m = 1; m <= order; m++) {
                outer[m][i] = expansion[m];
            }
        }
    }

    private void direction(int from, int count) {
        for (int k = 1; k <= order; k++) {
            if (s.in()[k - 1] != null) {
                s.in()[k - 1].read(from, inner[k], count);
            }
            System.arraycopy(inner[k], 0, power[k], 0, count);
            Arrays.fill(result[k], 0, count, 0);
            addProduct(outer[1], inner[k], result[k], count);
        }
        for (int m = 2; m <= order; m++) {
            for (int k = order; k >= m; k--) {
                raise(m, k, count);
                addProduct(outer[m], power[k], result[k], count);
            }
        }
        for (int k = 1; k <= order; k++) {
            s.out()[k - 1].write(from, result[k], count);
        }
    }

    /** power[k] = [t^k] of the m-th power, from rows below k that still hold power m - 1. */
    private void raise(int m, int k, int count) {
        Arrays.fill(power[k], 0, count, 0);
        for (int j = 1; j <= k - m + 1; j++) {
            addProduct(inner[j], power[k - j], power[k], count);
        }
    }

    private static void addProduct(double[] left, double[] right, double[] out, int count) {
        for (int i = 0; i < count; i++) {
            out[i] += left[i] * right[i];
        }
    }
}
