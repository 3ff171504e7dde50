package io.etastar.tensor.loop;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;
import java.util.function.IntToDoubleFunction;

/** Rows times a factor each; an output of one column more ends each row with the factor. */
final class ScaledRows {
    private ScaledRows() {}

    static Kernel of(Tensor rows, IntToDoubleFunction scale, Tensor out) {
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
                    row(rows, i * width, factor, out, at, width);
                    if (stride > width) {
                        out.fill(at + width, at + stride, factor);
                    }
                }
            }
        };
    }

    private static void row(Tensor rows, int from, double factor, Tensor out, int at, int width) {
        HostMemory target = HostMemory.of(out);
        target.copy(HostMemory.of(rows), rows.offset() + from, out.offset() + at, width);
        for (int j = 0; j < width && factor != 1; j++) {
            int cell = out.offset() + at + j;
            target.set(cell, factor * target.get(cell));
        }
    }
}
