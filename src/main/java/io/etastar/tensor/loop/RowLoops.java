package io.etastar.tensor.loop;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;
import java.util.function.IntToDoubleFunction;

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
                    throw new IllegalArgumentException("row " + row + " has label " + label
                            + ", expected a whole number from 0 to " + (classes - 1));
                }
                int at = row * classes + (int) label;
                out.fill(at, at + 1, 1);
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

    static Kernel scaleRows(Tensor rows, IntToDoubleFunction scale, Tensor out) {
        int count = rows.size(0);
        int width = rows.size(1);
        int stride = out.size(1);
        if (out.size(0) != count || stride < width || stride > width + 1) {
            throw new IllegalArgumentException(
                    out.size(0) + " x " + stride + " for " + count + " x " + width + " scaled rows");
        }
        return () -> {
            for (int i = 0; i < count; i++) {
                int at = i * stride;
                double factor = scale.applyAsDouble(i);
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
