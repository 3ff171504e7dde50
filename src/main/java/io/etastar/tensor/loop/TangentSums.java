package io.etastar.tensor.loop;

import io.etastar.tensor.ScalarFunction;
import java.util.Arrays;

/** What one pass through a scalar function adds to H and order3. */
final class TangentSums {
    /** [K, K]; its lower triangle counts. */
    final double[] h;
    /** [K]. */
    final double[] order3;

    private final int[] subsets;
    private final double[] hTotal;
    private final double[] order3Total;

    TangentSums(ScalarFunction.Tangents t) {
        subsets = t.subsets();
        h = new double[subsets.length * subsets.length];
        order3 = new double[subsets.length];
        hTotal = HostDoubles.of(t.h());
        order3Total = HostDoubles.of(t.order3());
    }

    /** Begins a pass. */
    void clear() {
        Arrays.fill(h, 0);
        Arrays.fill(order3, 0);
    }

    /** Ends a pass: adds its sums to the totals. */
    void add() {
        int side = order3Total.length;
        for (int k = 0; k < subsets.length; k++) {
            for (int j = 0; j < k; j++) {
                double value = h[k * subsets.length + j];
                hTotal[subsets[k] * side + subsets[j]] += value;
                hTotal[subsets[j] * side + subsets[k]] += value;
            }
            hTotal[subsets[k] * side + subsets[k]] += h[k * subsets.length + k];
            order3Total[subsets[k]] += order3[k];
        }
    }
}
