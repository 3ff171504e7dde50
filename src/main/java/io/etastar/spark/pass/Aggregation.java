package io.etastar.spark.pass;

import java.io.Serializable;

/**
 * How partial sums are merged. Affects the time of a pass, not the sum.
 *
 * @param depth of the tree, at least 1: 1 sends each task's sum to the driver, d adds up to d - 1 rounds on executors
 * @param onExecutor whether the last round is on an executor too, so that the driver receives one sum
 * @param directBytes largest total size of sums that go to the driver without rounds: a round is one more stage, with files on
 *     disk, whereas the driver adds about 3 GB/s and its network brings 1
 */
public record Aggregation(int depth, boolean onExecutor, long directBytes) implements Serializable {
    /** What Spark ML does: two levels, the last one on the driver. */
    public static final Aggregation DEFAULT = new Aggregation(2, false);

    private static final long DIRECT_BYTES = 64L << 20;

    /** @throws IllegalArgumentException if the depth is not positive */
    public Aggregation {
        if (depth < 1) {
            throw new IllegalArgumentException("aggregation of depth " + depth);
        }
    }

    /** With 64 MiB of sums that go to the driver without rounds. */
    public Aggregation(int depth, boolean onExecutor) {
        this(depth, onExecutor, DIRECT_BYTES);
    }

    /**
     * Number of rounds on executors.
     *
     * @param terms number of sums
     * @param bytes of each
     */
    int rounds(int terms, long bytes) {
        boolean direct = terms <= 2 || terms * bytes <= directBytes;
        return direct ? 0 : depth - 1;
    }

    /** Binary logarithm of how many neighbouring sums one task of a round adds: terms^(1 / depth), rounded up to a power of 2. */
    int shift(int terms) {
        double levels = Math.log(terms) / Math.log(2);
        return Math.max(1, (int) Math.ceil(levels / depth - 1e-9));
    }
}
