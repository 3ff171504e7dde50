package io.etastar.data.format;

import io.etastar.data.DataSource;
import io.etastar.data.RowRange;
import io.etastar.tensor.RawArray;
import java.util.Random;

/**
 * A toy: y = x w + 0.1 noise with ten normal features, normal weights and normal noise, all drawn from one seed; the first
 * 1000 rows are for training, 200 further ones for testing. Targets are single numbers, shape [1].
 */
public final class RegressionSource {
    private static final int FEATURES = 10;
    private static final int TRAIN = 1000;
    private static final int TEST = 200;
    private static final double NOISE = 0.1;

    private RegressionSource() {}

    /** Training or test rows of that seed. */
    public static DataSource open(long seed, boolean train) {
        // Unlike the JDK's newer generators, Random is the same on every JVM by its specification.
        Random random = new Random(seed);
        double[] weights = normal(random, FEATURES);
        float[] features = new float[(TRAIN + TEST) * FEATURES];
        float[] targets = new float[TRAIN + TEST];
        for (int row = 0; row < targets.length; row++) {
            double[] x = normal(random, FEATURES);
            double y = NOISE * random.nextGaussian();
            for (int i = 0; i < FEATURES; i++) {
                features[row * FEATURES + i] = (float) x[i];
                y += x[i] * weights[i];
            }
            targets[row] = (float) y;
        }
        DataSource all = new ArrayDataSource(
                "regression (made up), " + (train ? "train" : "test"),
                RawArray.of(features),
                new int[] {FEATURES},
                RawArray.of(targets),
                new int[] {1},
                0);
        return train ? new RowRange(all, 0, TRAIN) : new RowRange(all, TRAIN, TRAIN + TEST);
    }

    private static double[] normal(Random random, int count) {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextGaussian();
        }
        return numbers;
    }
}
