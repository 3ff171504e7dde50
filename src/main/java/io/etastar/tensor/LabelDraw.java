package io.etastar.tensor;

import java.util.function.LongSupplier;

/**
 * Operands of the adjoint of N rows of outputs z [N, width] for labels that are drawn from the outputs' own distribution, times a factor
 * for each row.
 *
 * <pre>
 * CLASSES    class y from p = softmax z of the row: p - e_y
 * GAUSSIAN   y_j from N(z_j, 1 / (2 c)): 2 c (z_j - y_j)
 * BERNOULLI  y_j = 1 with p_j = sigmoid z_j: c^(1/2) (p_j - y_j)
 * </pre>
 *
 * <p>A draw is a hash of the seed, the row's number and the element.
 *
 * @param kind of distribution
 * @param scale c; of no effect on classes
 * @param seed asked for on the host whenever the kernel is asked to run
 * @param rows numbers of the N rows
 * @param factors [N]
 * @param outputs z
 * @param adjoint [N, width]; overwritten
 */
public record LabelDraw(
        Kind kind, double scale, LongSupplier seed, Indices rows, Doubles factors, Tensor outputs, Tensor adjoint) {
    /** Sets these hashes apart from those of other draws of a seed. */
    public static final long STREAM = 0x6B2D666163L;

    /** Distributions of labels. */
    public enum Kind {
        /** One of as many classes as the row has outputs. */
        CLASSES,
        /** A normal number for each output. */
        GAUSSIAN,
        /** 0 or 1 for each output. */
        BERNOULLI
    }

    /** A number in [0, 1): draw {@code draw} of a row. */
    public static double uniform(long seed, int row, int draw) {
        long mixed = DropoutMask.mix(DropoutMask.mix(DropoutMask.mix(seed) ^ STREAM) ^ row);
        return (DropoutMask.mix(mixed ^ draw) >>> 11) * DropoutMask.UNIT;
    }
}
