package io.etastar.taylor.graph;

import io.etastar.tensor.Kernels;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Tensor;
import java.util.Arrays;

/** Which rows of a micro-batch are asked for: the others are repeats that fill it up, and count nowhere. */
public final class RowMask {
    /** 1 for rows that are there, else 0; [batch]. */
    public final Tensor mask;
    /** The mask divided by the number of rows that are there; [batch]. */
    public final Tensor share;

    private int there;

    public RowMask(Kernels kernels, int batch) {
        mask = kernels.allocate(batch);
        share = kernels.allocate(batch);
    }

    /** The first {@code count} rows are there. */
    public void set(int count) {
        if (count == there) {
            return;
        }
        there = count;
        double[] rows = new double[mask.length()];
        Arrays.fill(rows, 0, count, 1);
        mask.write(RawArray.of(rows));
        Arrays.fill(rows, 0, count, 1.0 / count);
        share.write(RawArray.of(rows));
    }
}
