package io.etastar.tensor.cuda;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.ScalarFunction;
import io.etastar.tensor.Tensor;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Functions that are given in Java alone: their operands come to the host, and the results go back. The log names each such function
 * once in a process.
 */
final class HostFunctions {
    private static final String UNSTATED = "no statement in C";
    private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

    private HostFunctions() {}

    private static void tell(Object f, String what) {
        String name = f.getClass().getName();
        if (TOLD.add(what + name)) {
            LoggerFactory.getLogger(HostFunctions.class)
                    .info("{} has {}: its operands are copied from the device to the host and back", name, what);
        }
    }

    static Kernel map(DoubleUnaryOperator f, Tensor in, Tensor out) {
        tell(f, UNSTATED);
        return () -> {
            double[] values = in.toDoubles();
            for (int i = 0; i < values.length; i++) {
                values[i] = f.applyAsDouble(values[i]);
            }
            out.write(0, values, values.length);
        };
    }

    static Kernel adjoint(ScalarFunction f, Tensor x, Tensor y, Tensor in, Tensor out) {
        tell(f, UNSTATED);
        return () -> {
            double[] values = in.toDoubles();
            double[] xs = x.toDoubles();
            double[] ys = y.toDoubles();
            for (int i = 0; i < values.length; i++) {
                values[i] *= f.first(xs[i], ys[i]);
            }
            out.write(0, values, values.length);
        };
    }

    static Kernel adjointTangents(ScalarFunction.AdjointTangents s) {
        tell(s.f(), UNSTATED);
        return () -> {
            double[] x = s.x().toDoubles();
            double[] y = s.y().toDoubles();
            double[] a = s.adjoint().toDoubles();
            double[] t = s.first().toDoubles();
            double[] b = zeroIfNull(s.adjointTangent(), t.length);
            for (int i = 0; i < t.length; i++) {
                t[i] = s.f().first(x[i], y[i]) * b[i] + s.f().second(x[i], y[i]) * t[i] * a[i];
            }
            s.out().write(0, t, t.length);
        };
    }

    private static double[] zeroIfNull(@Nullable Tensor tensor, int length) {
        return tensor == null ? new double[length] : tensor.toDoubles();
    }

    static Kernel tangents(ScalarFunction.Tangents s) {
        tell(s.f(), UNSTATED);
        return () -> {
            double[][] f = derivatives(s.f(), s.x().toDoubles(), s.y().toDoubles());
            double[] t = s.first().toDoubles();
            double[] c = zeroIfNull(s.second(), t.length);
            sums(s, f, t, c);
            int n = s.x().length();
            for (int j = 0; j < t.length; j++) {
                c[j] = f[0][j % n] * c[j] + f[1][j % n] * t[j] * t[j];
                t[j] *= f[0][j % n];
            }
            s.firstOut().write(0, t, t.length);
            if (s.secondOut() != null) {
                s.secondOut().write(0, c, c.length);
            }
        };
    }

    private static double[][] derivatives(ScalarFunction f, double[] x, double[] y) {
        double[][] found = new double[3][x.length];
        f.derivatives(x, y, x.length, found[0], found[1], found[2]);
        return found;
    }

    private static void sums(ScalarFunction.Tangents s, double[][] f, double[] t, double[] c) {
        double[] a = s.adjoint().toDoubles();
        double[] h = s.h().toDoubles();
        double[] order3 = s.order3().toDoubles();
        int[] subsets = s.subsets();
        int n = a.length;
        for (int k = 0; k < subsets.length; k++) {
            double third = 0;
            for (int i = 0; i < n; i++) {
                double at = t[k * n + i];
                third += a[i] * (f[2][i] * at * at * at + 3 * f[1][i] * at * c[k * n + i]);
            }
            order3[subsets[k]] += third;
            for (int j = 0; j <= k; j++) {
                double sum = 0;
                for (int i = 0; i < n; i++) {
                    sum += a[i] * f[1][i] * t[k * n + i] * t[j * n + i];
                }
                h[subsets[k] * order3.length + subsets[j]] += sum;
                h[subsets[j] * order3.length + subsets[k]] += j == k ? 0 : sum;
            }
        }
        s.h().write(h);
        s.order3().write(order3);
    }

    /** Writes f^(m)(x_i) / m! to an address on the device, [order, n]. */
    static Kernel expansion(ScalarFunction.Series s, CudaQueue queue, long to) {
        int order = s.in().length;
        int n = s.x().length();
        tell(s.f(), "no derivatives of order " + order + " in C");
        return () -> {
            double[] x = s.x().toDoubles();
            double[] y = s.y().toDoubles();
            double[] all = new double[order * n];
            double[] expansion = new double[order + 1];
            for (int i = 0; i < n; i++) {
                s.f().expand(x[i], y[i], order, expansion);
                for (int m = 1; m <= order; m++) {
                    all[(m - 1) * n + i] = expansion[m];
                }
            }
            queue.upload(
                    to,
                    Math.multiplyExact(all.length, Double.BYTES),
                    b -> b.asDoubleBuffer().put(all));
        };
    }

    static Kernel onHost(int stack, Tensor in, Tensor out, Kernels.HostStep step) {
        int n = in.length() / stack;
        int m = out.length() / stack;
        return () -> {
            double[] all = in.toDoubles();
            double[] results = new double[out.length()];
            for (int k = 0; k < stack; k++) {
                double[] result = new double[m];
                step.run(Arrays.copyOfRange(all, k * n, (k + 1) * n), result);
                System.arraycopy(result, 0, results, k * m, m);
            }
            out.write(0, results, results.length);
        };
    }
}
