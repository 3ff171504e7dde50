package io.etastar.taylor.graph;

import io.etastar.tensor.Tensor;

/**
 * Masks of dropout: 1 / keep with probability keep, else 0, as a hash of (seed, op, row of the shard, element of the row).
 *
 * <p>Nothing but these four enters, so that value, gradient and summary see one mask, whatever the micro-batch. Without a seed,
 * and if it is switched off, masks are ones.
 */
public final class Dropout {
    private static final long STEP = 0x9E3779B97F4A7C15L;
    private static final double UNIT = 0x1p-53;

    private final int[] rows;
    private boolean seeded;
    private boolean on;
    private long seed;
    private int masks;

    public Dropout(int batch) {
        rows = new int[batch];
    }

    public void seed(long value) {
        seed = value;
        seeded = true;
    }

    /** From here on masks are ones. */
    public void unseed() {
        seeded = false;
    }

    /** Whether passes from now on drop elements, given a seed. */
    public void switchOn(boolean drops) {
        on = drops;
    }

    /** The rows of the shard that a micro-batch holds from now on. */
    public void row(int at, int row) {
        rows[at] = row;
    }

    /** A number for the next mask of a program, in the order of its ops. */
    public int next() {
        return masks++;
    }

    /**
     * Fills a mask.
     *
     * @param op the mask's number
     * @param byRow whether the first axis belongs to the rows; else there is one mask for all
     */
    public void fill(int op, double keep, boolean byRow, Tensor mask) {
        if (!on || !seeded) {
            mask.fill(0, mask.length(), 1);
            return;
        }
        int count = byRow ? rows.length : 1;
        int width = mask.length() / count;
        for (int i = 0; i < count; i++) {
            long base = mix(mix(mix(seed) + op) + (byRow ? rows[i] : 0));
            for (int j = 0; j < width; j++) {
                boolean kept = (mix(base + (j + 1) * STEP) >>> 11) * UNIT < keep;
                mask.fill(i * width + j, i * width + j + 1, kept ? 1 / keep : 0);
            }
        }
    }

    /** A bijection of long numbers that scatters neighbours (the finaliser of SplitMix64). */
    private static long mix(long value) {
        long z = value + STEP;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
