package io.etastar.spark;

import io.etastar.data.DataSource;
import io.etastar.data.RowShape;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.tensor.RawArray;
import java.util.Random;

/**
 * Rows made up from their index: feature 0 is the index of the row, the others are normal; the target is a fixed linear
 * function of them plus noise.
 */
public record LeastSquaresSource(int rows, int features) implements DataSource {
    @Override
    public RowShape shape() {
        return RowShape.ofNumbers("made up, " + rows + " rows", new int[] {features});
    }

    @Override
    public Shard read(int from, int to) {
        float[] x = new float[(to - from) * features];
        float[] y = new float[to - from];
        for (int i = 0; i < to - from; i++) {
            Random random = new Random(1000L + from + i);
            x[i * features] = from + i;
            y[i] = (float) (0.1 * random.nextGaussian() + 1);
            for (int j = 1; j < features; j++) {
                x[i * features + j] = (float) random.nextGaussian();
                y[i] += 0.3f * j * x[i * features + j];
            }
        }
        return new Shard(to - from, RawArray.of(x), RawArray.of(y));
    }

    @Override
    public Standardisation inspect() {
        throw new UnsupportedOperationException("nothing to inspect");
    }
}
