package io.etastar.optimizer;

import io.etastar.UserError;
import io.etastar.data.Seeds;
import io.etastar.optimizer.lodo.BlockInverse;
import io.etastar.optimizer.lodo.DiagonalInverse;
import io.etastar.optimizer.lodo.GlobalInverse;
import io.etastar.optimizer.lodo.LearnedInverse;
import io.etastar.optimizer.lodo.ResidualInverse;
import java.util.Random;

/** What lodo learns, by kind. */
final class LearnedInverses {
    private static final String KEY = "optimizer.lodo.";
    private static final long SALT = 0x10d0;

    private LearnedInverses() {}

    /**
     * A matrix in its initial state.
     *
     * @param size P
     * @throws UserError where a value is out of range
     */
    static LearnedInverse create(LodoSettings settings, int size) {
        Check.positive(KEY + "initial", settings.initial());
        Check.notNegative(KEY + "meta_lr", settings.metaLr());
        Check.fraction(KEY + "beta", settings.beta());
        boolean known = settings.meta().equals("adam") || settings.meta().equals("sgd");
        Check.that(known, KEY + "meta", "'" + settings.meta() + "'", "adam or sgd");
        int layers = settings.layers();
        Check.that(layers >= 1, KEY + "layers", layers, "a whole number from 1");
        int block = settings.block();
        Check.that(block >= 1, KEY + "block", block, "a whole number from 1");
        Random random = new Random(Seeds.mix(settings.seed(), SALT));
        switch (settings.kind()) {
            case "blocks" -> {
                checkLength((2.0 * size + block) * layers * block, size);
                return new BlockInverse(size, layers, block, settings.initial(), random);
            }
            case "residuals" -> {
                checkLength(2.0 * size * (layers + 1), size);
                return new ResidualInverse(size, layers, settings.initial(), random);
            }
            case "diagonal" -> {
                return new DiagonalInverse(size, settings.initial());
            }
            case "global" -> {
                return new GlobalInverse(size, settings.initial());
            }
            default ->
                throw new UserError(
                        KEY + "kind: found '" + settings.kind() + "', expected blocks, residuals, diagonal or global");
        }
    }

    private static void checkLength(double length, int size) {
        Check.that(
                length < Integer.MAX_VALUE,
                KEY + "layers",
                String.format("%.3g learned numbers for %d parameters", length, size),
                "fewer than 2^31: fewer layers, smaller blocks, or kind diagonal or global");
    }
}
