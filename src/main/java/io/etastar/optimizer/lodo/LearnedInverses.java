package io.etastar.optimizer.lodo;

import io.etastar.UserError;
import io.etastar.data.Permutation;
import io.etastar.settings.LodoSettings;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** What lodo learns, by kind. */
public final class LearnedInverses {
    private static final long SALT = 0x10d0;

    private LearnedInverses() {}

    /**
     * A matrix in its initial state.
     *
     * @param seed of permutations and initial blocks
     * @param size P
     * @throws UserError if it would have too many numbers, or more than this process has memory for
     */
    public static LearnedInverse create(LodoSettings settings, long seed, int size) {
        return create(settings, seed, size, Runtime.getRuntime().maxMemory());
    }

    /** @param memory bytes that there are */
    static LearnedInverse create(LodoSettings settings, long seed, int size, long memory) {
        checkLength(length(settings, size), settings, size, memory);
        int layers = settings.layers();
        int block = settings.block();
        Random random = new Random(Permutation.mix(seed, SALT));
        return switch (settings.kind()) {
            case "blocks" -> new BlockInverse(size, layers, block, settings.initial(), random);
            case "residuals" -> new ResidualInverse(size, layers, settings.initial(), random);
            case "dense" -> new DenseInverse(size, settings.initial());
            case "diagonal" -> new DiagonalInverse(size, settings.initial());
            default -> new GlobalInverse(size, settings.initial());
        };
    }

    /** Learned numbers, for those kinds that have many. */
    private static double length(LodoSettings settings, int size) {
        int layers = settings.layers();
        int block = settings.block();
        return switch (settings.kind()) {
            case "blocks" -> (2.0 * size + block) * layers * block;
            case "residuals" -> 2.0 * size * (layers + 1);
            case "dense" -> (double) size * size;
            default -> size;
        };
    }

    private static void checkLength(double length, LodoSettings settings, int size, long memory) {
        // With their gradient, what they are multiplied with and, by Adam, two means; a quarter is left for all else.
        double bytes = length * Double.BYTES * (settings.meta().equals("adam") ? 5 : 3);
        double most = 0.75 * memory;
        if (length < Integer.MAX_VALUE && bytes < most) {
            return;
        }
        String key = Map.of("residuals", "layers", "blocks", "block").getOrDefault(settings.kind(), "kind");
        throw new UserError(String.format(
                Locale.ROOT,
                "optimizer.lodo.%s: found %.3g learned numbers for %d parameters, %.2g GB with what learns them, expected fewer"
                        + " than 2^31 numbers and less than %.2g GB, three quarters of this process's memory: more memory"
                        + " (ETASTAR_DRIVER_MEMORY), another kind, fewer layers or smaller blocks",
                key,
                length,
                size,
                bytes / 1e9,
                most / 1e9));
    }
}
