package io.etastar.taylor.graph;

import io.etastar.tensor.Doubles;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.Tensor;

/** Sums of H and order3 in double precision over the micro-batches of a summary, in the backend's memory. */
public final class Accumulator {
    private static final int[] NONE = {};

    private final Kernels kernels;
    private final int subsets;
    private final Doubles h;
    private final Doubles order3;

    /** Sums for S subsets. */
    public Accumulator(Kernels kernels, int subsets) {
        this.kernels = kernels;
        this.subsets = subsets;
        h = kernels.allocateDoubles(subsets * subsets);
        order3 = kernels.allocateDoubles(subsets);
    }

    /** Begins new sums. */
    public void reset() {
        h.clear();
        order3.clear();
    }

    /** H [S, S], for kernels that add to it. */
    public Doubles hessian() {
        return h;
    }

    /** order3 [S], for kernels that add to it. */
    public Doubles third() {
        return order3;
    }

    /** H[live[i]][live[j]] += block[i, j]. */
    public Kernel addBlock(int[] live, Tensor block) {
        int[] at = new int[live.length * live.length];
        for (int i = 0; i < at.length; i++) {
            at[i] = live[i / live.length] * subsets + live[i % live.length];
        }
        return kernels.addAt(block, at, NONE, h);
    }

    /** H[row][columns[j]] and H[columns[j]][row] += values[j]: both orders of a bilinear op's operands. */
    public Kernel addBoth(int row, int[] columns, Tensor values) {
        int[] above = new int[columns.length];
        int[] below = new int[columns.length];
        for (int j = 0; j < columns.length; j++) {
            above[j] = row * subsets + columns[j];
            below[j] = columns[j] * subsets + row;
        }
        return kernels.addAt(values, above, below, h);
    }

    /** The sums of H, made exactly symmetric, once all kernels have run; a copy. */
    public double[][] h() {
        double[] sums = h.toDoubles();
        double[][] copy = new double[subsets][subsets];
        for (int i = 0; i < subsets; i++) {
            for (int j = 0; j < subsets; j++) {
                copy[i][j] = 0.5 * (sums[i * subsets + j] + sums[j * subsets + i]);
            }
        }
        return copy;
    }

    /** The sums of order3, once all kernels have run; a copy. */
    public double[] order3() {
        return order3.toDoubles();
    }
}
