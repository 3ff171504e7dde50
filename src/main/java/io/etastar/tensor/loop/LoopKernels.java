package io.etastar.tensor.loop;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.ScalarFunction;
import io.etastar.tensor.Tensor;
import java.util.function.DoubleUnaryOperator;

/** Elementwise and row-wise loops over native memory. */
public final class LoopKernels {
    private LoopKernels() {}

    static Kernel map(DoubleUnaryOperator f, Tensor in, Tensor out) {
        HostMemory from = HostMemory.of(in);
        HostMemory to = HostMemory.of(out);
        int base = in.offset();
        int target = out.offset();
        int length = in.length();
        return () -> {
            for (int i = 0; i < length; i++) {
                to.set(target + i, f.applyAsDouble(from.get(base + i)));
            }
        };
    }

    static Kernel affine(Tensor in, double scale, double shift, Tensor out) {
        HostMemory from = HostMemory.of(in);
        HostMemory to = HostMemory.of(out);
        int base = in.offset();
        int target = out.offset();
        int length = in.length();
        return () -> {
            for (int i = 0; i < length; i++) {
                to.set(target + i, scale * from.get(base + i) + shift);
            }
        };
    }

    /** log(1 + exp x) without overflow; the quotient takes the rounding of 1 + e back out of its logarithm. */
    public static double softplus(double x) {
        double e = Math.exp(-Math.abs(x));
        double sum = 1 + e;
        return Math.max(x, 0) + (sum == 1 ? e : Math.log(sum) * e / (sum - 1));
    }

    static Kernel logSoftmax(Tensor in, Tensor out) {
        int rows = in.size(0);
        int classes = in.size(1);
        return () -> {
            for (int row = 0; row < rows; row++) {
                logSoftmax(
                        HostMemory.of(in),
                        in.offset() + row * classes,
                        HostMemory.of(out),
                        out.offset() + row * classes,
                        classes);
            }
        };
    }

    private static void logSoftmax(HostMemory from, int base, HostMemory to, int target, int classes) {
        double largest = from.get(base);
        for (int c = 1; c < classes; c++) {
            largest = Math.max(largest, from.get(base + c));
        }
        double total = 0;
        for (int c = 0; c < classes; c++) {
            total += Math.exp(from.get(base + c) - largest);
        }
        double shift = Math.log(total);
        for (int c = 0; c < classes; c++) {
            to.set(target + c, from.get(base + c) - largest - shift);
        }
    }

    static Kernel oneHot(Tensor labels, Tensor out) {
        int rows = out.size(0);
        int classes = out.size(1);
        return () -> {
            out.fill(0, rows * classes, 0);
            for (int row = 0; row < rows; row++) {
                double label = labels.get(row);
                if (!(label >= 0 && label < classes)) {
                    throw new IllegalArgumentException(
                            "row " + row + " has label " + label + ", expected 0 to " + (classes - 1));
                }
                int at = row * classes + (int) label;
                out.fill(at, at + 1, 1);
            }
        };
    }

    static Kernel scalarAdjoint(ScalarFunction f, Tensor x, Tensor y, Tensor in, Tensor out) {
        int length = x.length();
        double[] xs = HostMemory.block();
        double[] ys = HostMemory.block();
        double[] values = HostMemory.block();
        return () -> {
            for (int at = 0; at < length; at += HostMemory.BLOCK) {
                int count = Math.min(HostMemory.BLOCK, length - at);
                x.read(at, xs, count);
                y.read(at, ys, count);
                in.read(at, values, count);
                for (int i = 0; i < count; i++) {
                    values[i] *= f.first(xs[i], ys[i]);
                }
                out.write(at, values, count);
            }
        };
    }

    static Kernel rowDots(double factor, Tensor left, Tensor right, double[] out) {
        HostMemory a = HostMemory.of(left);
        HostMemory b = HostMemory.of(right);
        int length = left.length() / out.length;
        boolean shared = right.length() == length;
        return () -> {
            for (int k = 0; k < out.length; k++) {
                int at = left.offset() + k * length;
                int beside = right.offset() + (shared ? 0 : k * length);
                double sum = 0;
                for (int i = 0; i < length; i++) {
                    sum += a.get(at + i) * b.get(beside + i);
                }
                out[k] = factor * sum;
            }
        };
    }
}
