package io.etastar.optimizer.lodo;

import io.etastar.UserError;
import io.etastar.data.Permutation;
import io.etastar.settings.LodoSettings;
import java.util.Locale;
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
     * @throws UserError if it would have too many numbers
     */
    public static LearnedInverse create(LodoSettings settings, long seed, int size) {
        int layers = settings.layers();
        int block = settings.block();
        Random random = new Random(Permutation.mix(seed, SALT));
        return switch (settings.kind()) {
            case "blocks" -> {
                checkLength((2.0 * size + block) * layers * block, size);
                yield new BlockInverse(size, layers, block, settings.initial(), random);
            }
            case "residuals" -> {
                checkLength(2.0 * size * (layers + 1), size);
                yield new ResidualInverse(size, layers, settings.initial(), random);
            }
            case "dense" -> {
                checkLength((double) size * size, size);
                yield new DenseInverse(size, settings.initial());
            }
            case "diagonal" -> new DiagonalInverse(size, settings.initial());
            default -> new GlobalInverse(size, settings.initial());
        };
    }

    private static void checkLength(double length, int size) {
        if (length >= Integer.MAX_VALUE) {
            throw new UserError(String.format(
                    Locale.ROOT,
                    "optimizer.lodo.layers: found %.3g learned numbers for %d parameters, expected fewer than 2^31:"
                            + " another kind, fewer layers or smaller blocks",
                    length,
                    size));
        }
    }
}
