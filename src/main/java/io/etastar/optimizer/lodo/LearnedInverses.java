package io.etastar.optimizer.lodo;

import io.etastar.data.Seeds;
import io.etastar.optimizer.Check;
import io.etastar.optimizer.settings.LodoSettings;
import java.util.Locale;
import java.util.Random;

/** What lodo learns, by kind. */
public final class LearnedInverses {
    private static final String KEY = "optimizer.lodo.";
    private static final long SALT = 0x10d0;

    private LearnedInverses() {}

    /**
     * A matrix in its initial state.
     *
     * @param size P
     * @throws io.etastar.UserError if a value is out of range
     */
    public static LearnedInverse create(LodoSettings settings, int size) {
        Check.positive(KEY + "initial", settings.initial());
        Check.notNegative(KEY + "meta_lr", settings.metaLr());
        Check.fraction(KEY + "beta", settings.beta());
        Check.oneOf(KEY + "kind", settings.kind(), "blocks", "residuals", "diagonal", "global");
        Check.oneOf(KEY + "meta", settings.meta(), "adam", "sgd");
        int layers = settings.layers();
        Check.that(layers >= 1, KEY + "layers", layers, "a whole number from 1");
        int block = settings.block();
        Check.that(block >= 1, KEY + "block", block, "a whole number from 1");
        Random random = new Random(Seeds.mix(settings.seed(), SALT));
        return switch (settings.kind()) {
            case "blocks" -> {
                checkLength((2.0 * size + block) * layers * block, size);
                yield new BlockInverse(size, layers, block, settings.initial(), random);
            }
            case "residuals" -> {
                checkLength(2.0 * size * (layers + 1), size);
                yield new ResidualInverse(size, layers, settings.initial(), random);
            }
            case "diagonal" -> new DiagonalInverse(size, settings.initial());
            default -> new GlobalInverse(size, settings.initial());
        };
    }

    private static void checkLength(double length, int size) {
        Check.that(
                length < Integer.MAX_VALUE,
                KEY + "layers",
                String.format(Locale.ROOT, "%.3g learned numbers for %d parameters", length, size),
                "fewer than 2^31: fewer layers, smaller blocks, or kind diagonal or global");
    }
}
