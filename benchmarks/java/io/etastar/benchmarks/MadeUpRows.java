package io.etastar.benchmarks;

import io.etastar.data.DataSource;
import io.etastar.data.RowShape;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.tensor.RawArray;
import java.util.Random;

/** Normal features and random classes, made when they are read: nothing but this record travels. */
record MadeUpRows(int rows, int features, int classes) implements DataSource {
    @Override
    public RowShape shape() {
        return RowShape.ofClasses(rows + " made-up rows", new int[] {features}, classes);
    }

    @Override
    public Shard read(int from, int to) {
        float[] x = new float[(to - from) * features];
        float[] y = new float[to - from];
        for (int row = from; row < to; row++) {
            Random random = new Random(row);
            for (int i = 0; i < features; i++) {
                x[(row - from) * features + i] = (float) random.nextGaussian();
            }
            y[row - from] = random.nextInt(classes);
        }
        return new Shard(to - from, RawArray.of(x), RawArray.of(y));
    }

    @Override
    public Standardisation inspect() {
        throw new UnsupportedOperationException("made-up rows are standardised already");
    }
}
