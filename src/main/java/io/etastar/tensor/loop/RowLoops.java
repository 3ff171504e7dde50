package io.etastar.tensor.loop;

import io.etastar.tensor.Factors;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.OutOfRange;
import io.etastar.tensor.Tensor;
import java.util.Arrays;

/** Row-by-row loops over host memory. */
final class RowLoops {
    private RowLoops() {}

    static Kernel logSoftmax(Tensor in, Tensor out) {
        HostMemory from = HostMemory.of(in);
        HostMemory to = HostMemory.of(out);
        int rows = in.size(0);
        int classes = in.size(1);
        return () -> {
            for (int row = 0; row < rows; row++) {
                logSoftmax(from, in.offset() + row * classes, to, out.offset() + row * classes, classes);
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
                if (!(label >= 0 && label < classes && label == Math.rint(label))) {
                    throw OutOfRange.label(row, label, classes);
                }
                int at = row * classes + (int) label;
                out.fill(at, at + 1, 1);
            }
        };
    }

    static Kernel pickRows(Tensor numbers, int rows, String name, int[] out) {
        int width = out.length / numbers.length();
        return () -> {
            for (int i = 0; i < numbers.length(); i++) {
                double row = numbers.get(i);
                if (!(row >= 0 && row < rows) || row != Math.rint(row)) {
                    throw OutOfRange.row(row, name, rows);
                }
                for (int j = 0; j < width; j++) {
                    out[i * width + j] = (int) row * width + j;
                }
            }
        };
    }

    static Kernel onHost(int stack, Tensor in, Tensor out, Kernels.HostStep step) {
        int n = in.length() / stack;
        int m = out.length() / stack;
        double[] result = new double[m];
        return () -> {
            double[] all = in.toDoubles();
            for (int k = 0; k < stack; k++) {
                Arrays.fill(result, 0);
                step.run(Arrays.copyOfRange(all, k * n, (k + 1) * n), result);
                out.write(k * m, result, m);
            }
        };
    }

    static Kernel scaleRows(Tensor rows, Factors scale, Tensor out) {
        int count = rows.size(0);
        int width = rows.size(1);
        int stride = out.size(1);
        if (out.size(0) != count || stride < width || stride > width + 1) {
            throw new IllegalArgumentException(
                    out.size(0) + " x " + stride + " for " + count + " x " + width + " scaled rows");
        }
        double[] factors = HostDoubles.of(scale.values());
        return () -> {
            for (int i = 0; i < count; i++) {
                int at = i * stride;
                double factor = factors[scale.first() + i / scale.each()];
                if (factor == 0) {
                    out.fill(at, at + stride, 0);
                } else {
                    scaleRow(rows, i * width, factor, out, at, width);
                    if (stride > width) {
                        out.fill(at + width, at + stride, factor);
                    }
                }
            }
        };
    }

    private static void scaleRow(Tensor rows, int from, double factor, Tensor out, int at, int width) {
        HostMemory target = HostMemory.of(out);
        target.copy(HostMemory.of(rows), rows.offset() + from, out.offset() + at, width);
        for (int j = 0; j < width && factor != 1; j++) {
            int element = out.offset() + at + j;
            target.set(element, factor * target.get(element));
        }
    }
}
