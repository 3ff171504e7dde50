package io.etastar.data;

import io.etastar.UserError;
import io.etastar.tensor.RawArray;
import java.util.Arrays;

/**
 * The task of drawing an image pixel by pixel: of each row one random pixel is to be told from those before it, row by row
 * from the top (image generation in Liao et al., "Learning to Optimize Quasi-Newton Methods", TMLR 2023).
 *
 * <p>Stored rows are grey images [1, H, W] of grey level / 255. The model sees [5, H, W]: grey level / 256 of the pixels
 * before the chosen one and 0 from it on; 1 in the columns left of it and -1 in the others; 1 at the pixels before it and
 * -1 from it on; ramps from -1 to 1 down the rows and along the columns. The target is one of 256 grey levels.
 */
public final class PixelPrediction implements BatchTransform {
    private static final long serialVersionUID = 1L;
    /** What the model sees of each pixel. */
    public static final int CHANNELS = 5;
    /** Of grey: classes of the target. */
    public static final int LEVELS = 256;

    private final int height;
    private final int width;

    /** @param image shape [1, H, W] of a stored row's features */
    public PixelPrediction(int[] image) {
        if (image.length != 3 || image[0] != 1) {
            throw new UserError(
                    UserError.Subject.setting("data.transform"),
                    "pixels for rows of shape " + Arrays.toString(image),
                    "grey images [1, H, W]");
        }
        height = image[1];
        width = image[2];
    }

    @Override
    public RowShape of(RowShape stored) {
        return RowShape.ofClasses(stored.description(), new int[] {CHANNELS, height, width}, LEVELS);
    }

    @Override
    public boolean trainingOnly() {
        return false;
    }

    @Override
    public Shard apply(Shard shard, int[] rows, long seed) {
        int pixels = height * width;
        int[] chosen = Permutation.draws(rows.length, pixels, seed);
        float[] features = new float[rows.length * CHANNELS * pixels];
        float[] targets = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            targets[i] = level(shard, rows[i] * pixels + chosen[i]);
            row(shard, rows[i] * pixels, chosen[i], features, i * CHANNELS * pixels);
        }
        return new Shard(rows.length, RawArray.of(features), RawArray.of(targets), shard.weightsOf(rows));
    }

    /**
     * What the model sees of images of which the pixels before one are known; the others are not looked at.
     *
     * @param images [rows, 1, H, W] of grey level / 255
     * @param pixel the one to tell, row by row from the top
     * @return features [rows, 5, H, W], and targets that mean nothing
     */
    public Shard before(Shard images, int pixel) {
        int pixels = height * width;
        float[] features = new float[images.rows() * CHANNELS * pixels];
        for (int row = 0; row < images.rows(); row++) {
            row(images, row * pixels, pixel, features, row * CHANNELS * pixels);
        }
        return new Shard(images.rows(), RawArray.of(features), RawArray.of(new float[images.rows()]));
    }

    private static int level(Shard shard, int at) {
        return (int) Math.round(shard.features().get(at) * (LEVELS - 1));
    }

    /** Fills the five channels of a row. */
    private void row(Shard shard, int from, int chosen, float[] features, int to) {
        int pixels = height * width;
        for (int p = 0; p < pixels; p++) {
            boolean seen = p < chosen;
            features[to + p] = seen ? level(shard, from + p) / (float) LEVELS : 0;
            features[to + pixels + p] = p % width < chosen % width ? 1 : -1;
            features[to + 2 * pixels + p] = seen ? 1 : -1;
            features[to + 3 * pixels + p] = ramp(p / width, height);
            features[to + 4 * pixels + p] = ramp(p % width, width);
        }
    }

    private static float ramp(int position, int length) {
        return length == 1 ? 0 : 2f * position / (length - 1) - 1;
    }
}
