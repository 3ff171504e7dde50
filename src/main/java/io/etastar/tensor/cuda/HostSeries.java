package io.etastar.tensor.cuda;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.ScalarFunction;

/** {@link ScalarFunction.Series} of functions that are given in Java alone, on the host. */
final class HostSeries implements Kernel {
    private final ScalarFunction.Series s;
    private final int order;
    private final double[] expansion;
    /** [t^k] of the argument's series, and of one of its powers after another; row 0 is not used. */
    private final double[] inner;

    private final double[] power;

    HostSeries(ScalarFunction.Series series) {
        s = series;
        order = s.in().length;
        expansion = new double[order + 1];
        inner = new double[order + 1];
        power = new double[order + 1];
    }

    @Override
    public void run() {
        double[] x = s.x().toDoubles();
        double[] y = s.y().toDoubles();
        int length = s.out()[0].length();
        double[][] in = new double[order][];
        double[][] out = new double[order][length];
        for (int k = 0; k < order; k++) {
            in[k] = s.in()[k] == null ? new double[length] : s.in()[k].toDoubles();
        }
        for (int j = 0; j < length; j++) {
            s.f().expand(x[j % x.length], y[j % x.length], order, expansion);
            element(in, out, j);
        }
        for (int k = 0; k < order; k++) {
            s.out()[k].write(0, out[k], length);
        }
    }

    private void element(double[][] in, double[][] out, int j) {
        for (int k = 1; k <= order; k++) {
            inner[k] = in[k - 1][j];
            power[k] = inner[k];
            out[k - 1][j] = expansion[1] * inner[k];
        }
        for (int m = 2; m <= order; m++) {
            for (int k = order; k >= m; k--) {
                double sum = 0;
                for (int i = 1; i <= k - m + 1; i++) {
                    sum += inner[i] * power[k - i];
                }
                power[k] = sum;
                out[k - 1][j] += expansion[m] * sum;
            }
        }
    }
}
