package io.etastar.tensor;

import java.util.function.LongSupplier;

/**
 * Operands of a dropout mask [R, width]: element (r, j) is 1 / keep if the upper 53 bits of mix(mix(seed + row r) + (j + 1) STEP), as
 * a fraction of 1, are below keep; else 0.
 *
 * @param seed asked for on the host whenever the kernel is asked to run
 * @param keep probability of keeping an element
 * @param rows numbers of the R rows, or those of a micro-batch if the mask is {@code shared}
 * @param shared whether there is one mask for all rows: R is 1 and its row 0
 * @param out the mask; overwritten
 */
public record DropoutMask(LongSupplier seed, double keep, Indices rows, boolean shared, Tensor out) {
    /** What neighbouring elements differ by. */
    public static final long STEP = 0x9E3779B97F4A7C15L;
    /** The size of the last of 53 bits. */
    public static final double UNIT = 0x1p-53;

    /** A bijection of long numbers that scatters neighbours (the finaliser of SplitMix64). */
    public static long mix(long value) {
        long z = value + STEP;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
