package io.etastar.data;

/**
 * Pseudo-random permutations that are the same on every JVM: Fisher-Yates over the SplitMix64 sequence (Steele, Lea and
 * Flood, "Fast splittable pseudorandom number generators", 2014). Spelled out because the JDK leaves the algorithms of its
 * bounded draws open.
 */
public final class Permutation {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    private Permutation(long seed) {
        state = seed;
    }

    /** A permutation of 0..n-1; a new array. */
    public static int[] of(int n, long... seeds) {
        Permutation random = new Permutation(mix(seeds));
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.below(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /** One seed that depends on all of {@code seeds} and on their order, the same on every JVM. */
    public static long mix(long... seeds) {
        long mixed = 0;
        for (long seed : seeds) {
            mixed = finish((mixed ^ seed) + GAMMA);
        }
        return mixed;
    }

    /** The first {@code count} numbers of SplitMix64 from {@code seed}. */
    static long[] sequence(long seed, int count) {
        Permutation random = new Permutation(seed);
        long[] numbers = new long[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.next();
        }
        return numbers;
    }

    /** {@code count} independent numbers, uniform on 0..bound-1. */
    static int[] draws(int count, int bound, long seed) {
        Permutation random = new Permutation(seed);
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.below(bound);
        }
        return numbers;
    }

    private long next() {
        state += GAMMA;
        return finish(state);
    }

    private static long finish(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Uniform on 0..bound-1: 32 random bits scaled, the incomplete last share of them rejected. */
    private int below(int bound) {
        long threshold = (1L << 32) % bound;
        while (true) {
            long scaled = (next() >>> 32) * bound;
            if ((scaled & 0xFFFFFFFFL) >= threshold) {
                return (int) (scaled >>> 32);
            }
        }
    }
}
