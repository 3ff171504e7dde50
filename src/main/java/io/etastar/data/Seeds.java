package io.etastar.data;

/** Seeds made from others, the same on every JVM. */
public final class Seeds {
    private Seeds() {}

    /** One seed that depends on all of {@code seeds} and on their order. */
    public static long mix(long... seeds) {
        return Permutation.mix(seeds);
    }
}
