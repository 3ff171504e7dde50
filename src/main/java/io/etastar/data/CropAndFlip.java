package io.etastar.data;

import io.etastar.UserError;
import io.etastar.tensor.RawArray;
import java.util.Arrays;

/**
 * The usual variation of small images in training: four pixels of 0 are put around each side, a random part of the old size
 * is cut out, and one half of the images is mirrored. Of standardised rows 0 is the mean colour.
 */
public final class CropAndFlip implements BatchTransform {
    private static final long serialVersionUID = 1L;
    private static final int PAD = 4;
    private static final int SHIFTS = 2 * PAD + 1;

    private final int channels;
    private final int height;
    private final int width;

    /** @param image shape [C, H, W] of a row's features */
    public CropAndFlip(int[] image) {
        if (image.length != 3) {
            throw new UserError(
                    UserError.Subject.setting("data.transform"),
                    "crop-flip for rows of shape " + Arrays.toString(image),
                    "images [C, H, W]");
        }
        channels = image[0];
        height = image[1];
        width = image[2];
    }

    @Override
    public RowShape of(RowShape stored) {
        return stored;
    }

    @Override
    public boolean trainingOnly() {
        return true;
    }

    @Override
    public Shard apply(Shard shard, int[] rows, long seed) {
        int[] drawn = Permutation.draws(rows.length, SHIFTS * SHIFTS * 2, seed);
        int length = channels * height * width;
        RawArray features = RawArray.zeros(shard.features().type(), rows.length * length);
        for (int i = 0; i < rows.length; i++) {
            int down = drawn[i] / 2 / SHIFTS - PAD;
            int right = drawn[i] / 2 % SHIFTS - PAD;
            for (int line = 0; line < channels * height; line++) {
                int from = line % height + down;
                if (from >= 0 && from < height) {
                    int source = rows[i] * length + (line + down) * width;
                    line(shard.features(), source, right, features, i * length + line * width, drawn[i] % 2 == 1);
                }
            }
        }
        return new Shard(rows.length, features, shard.targetsOf(rows), shard.weightsOf(rows));
    }

    /** One line of a channel, shifted and perhaps mirrored; what lies outside stays 0. */
    private void line(RawArray source, int from, int right, RawArray target, int to, boolean mirrored) {
        int first = Math.max(0, -right);
        int count = Math.max(0, width - Math.abs(right));
        if (!mirrored) {
            Shard.copy(source, from + first + right, target, to + first, count);
            return;
        }
        for (int x = first; x < first + count; x++) {
            Shard.copy(source, from + x + right, target, to + width - 1 - x, 1);
        }
    }
}
