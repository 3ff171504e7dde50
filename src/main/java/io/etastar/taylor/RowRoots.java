package io.etastar.taylor;

import io.etastar.tensor.Doubles;
import io.etastar.tensor.Kernels;
import java.util.Arrays;

/** Factors on the rows of a micro-batch: roots of their weights, since the two factors of a product share each weight; and ones. */
record RowRoots(Doubles roots, Doubles ones) {
    /** Zeros and ones for {@code batch} rows. */
    static RowRoots of(Kernels kernels, int batch) {
        double[] ones = new double[batch];
        Arrays.fill(ones, 1);
        RowRoots made = new RowRoots(kernels.allocateDoubles(batch), kernels.allocateDoubles(batch));
        made.ones.write(ones);
        return made;
    }
}
