package io.etastar.taylor.graph;

import io.etastar.tensor.Tensor;
import java.util.Arrays;

/** Sums of H and order3 in double precision over the micro-batches of a summary. */
public final class Accumulator {
    private final double[][] h;
    private final double[] order3;

    public Accumulator(int subsets) {
        h = new double[subsets][subsets];
        order3 = new double[subsets];
    }

    public void reset() {
        for (double[] row : h) {
            Arrays.fill(row, 0);
        }
        Arrays.fill(order3, 0);
    }

    /** H[rows[i]][columns[j]] += block[i, j]. */
    public void addBlock(int[] rows, int[] columns, Tensor block) {
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < columns.length; j++) {
                h[rows[i]][columns[j]] += block.get(i * columns.length + j);
            }
        }
    }

    /** H[subsets[k]][subsets[j]] += block[k, j] and its mirror image, from the lower triangle of a block. */
    public void addTriangle(int[] subsets, double[] block) {
        for (int k = 0; k < subsets.length; k++) {
            double[] row = h[subsets[k]];
            for (int j = 0; j < k; j++) {
                double value = block[k * subsets.length + j];
                row[subsets[j]] += value;
                h[subsets[j]][subsets[k]] += value;
            }
            row[subsets[k]] += block[k * subsets.length + k];
        }
    }

    /** H[row][columns[j]] and H[columns[j]][row] += values[j]: both orders of a bilinear op's operands. */
    public void addBoth(int row, int[] columns, Tensor values) {
        for (int j = 0; j < columns.length; j++) {
            double value = values.get(j);
            h[row][columns[j]] += value;
            h[columns[j]][row] += value;
        }
    }

    /** order3[subsets[k]] += values[k]. */
    public void addOrder3(int[] subsets, double[] values) {
        for (int k = 0; k < subsets.length; k++) {
            order3[subsets[k]] += values[k];
        }
    }

    /** The sums of H, made exactly symmetric; a copy. */
    public double[][] h() {
        double[][] copy = new double[h.length][h.length];
        for (int i = 0; i < h.length; i++) {
            for (int j = 0; j < h.length; j++) {
                copy[i][j] = 0.5 * (h[i][j] + h[j][i]);
            }
        }
        return copy;
    }

    /** The sums of order3; a copy. */
    public double[] order3() {
        return order3.clone();
    }
}
