package io.etastar.inference;

import io.etastar.data.PixelPrediction;
import io.etastar.data.Shard;
import io.etastar.spark.engine.ModelOutputs;
import io.etastar.tensor.RawArray;
import java.util.Random;

/** Images drawn by a network of {@code data.transform = pixels}: each pixel from its distribution given those before it, row by row. */
public final class PixelDrawing {
    private PixelDrawing() {}

    /**
     * Draws images; the same for the same seed.
     *
     * @param network with inputs [5, H, W] and 256 outputs, logits or logarithms of probabilities
     * @param count how many
     * @return grey levels [count, H W] from 0 to 255
     */
    public static int[][] draw(TrainedNetwork network, int count, long seed) {
        int height = network.input()[1];
        int width = network.input()[2];
        int pixels = height * width;
        PixelPrediction prediction = new PixelPrediction(new int[] {1, height, width});
        Random random = new Random(seed);
        float[] images = new float[count * pixels];
        int[][] levels = new int[count][pixels];
        try (ModelOutputs engine = network.open(count)) {
            for (int pixel = 0; pixel < pixels; pixel++) {
                Shard known = new Shard(count, RawArray.of(images), RawArray.of(new float[count]));
                RawArray seen = prediction.before(known, pixel).features();
                double[] outputs = network.outputs(engine, seen, count).toDoubles();
                for (int image = 0; image < count; image++) {
                    int level = sample(outputs, image * PixelPrediction.LEVELS, random.nextDouble());
                    levels[image][pixel] = level;
                    images[image * pixels + pixel] = level / (PixelPrediction.LEVELS - 1f);
                }
            }
        }
        return levels;
    }

    /**
     * The level at a place of the cumulative distribution.
     *
     * @param logits of all rows, those of one at {@code from}
     * @param place in [0, 1)
     */
    private static int sample(double[] logits, int from, double place) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int level = 0; level < PixelPrediction.LEVELS; level++) {
            largest = Math.max(largest, logits[from + level]);
        }
        double[] upTo = new double[PixelPrediction.LEVELS];
        double sum = 0;
        for (int level = 0; level < PixelPrediction.LEVELS; level++) {
            sum += Math.exp(logits[from + level] - largest);
            upTo[level] = sum;
        }
        int level = 0;
        while (level < PixelPrediction.LEVELS - 1 && upTo[level] <= place * sum) {
            level++;
        }
        return level;
    }
}
