package io.etastar.spark.pass;

import io.etastar.data.BatchTransform;
import io.etastar.data.Seeds;
import io.etastar.data.Shard;
import io.etastar.quantity.Sum;
import io.etastar.spark.engine.Engine;
import java.io.Serializable;
import java.util.Arrays;

/**
 * An engine's call on transformed rows, some thousands at a time. What is random follows from the pass's seed, the shard's
 * number and the rows' place among those of the pass; without a seed it is the same in every pass.
 *
 * @param transform of the rows
 * @param call made on the transformed rows
 */
record TransformedCall<T extends Sum<T>>(BatchTransform transform, EngineCall<T> call) implements Serializable {
    /** Rows transformed at once: a few tens of megabytes. */
    static final int CHUNK = 2048;

    /** Stands in for the seed of passes in which nothing else is random. */
    private static final long FIXED = 0x5EEDL;

    private static final long TRANSFORM = 1;
    private static final long ENGINE = 2;

    /**
     * The sum over {@code rows} of a shard.
     *
     * @param seed of the pass, or null
     * @param index of the shard
     */
    T sum(Engine engine, Shard shard, int[] rows, Long seed, int index) {
        T sum = null;
        for (int from = 0; from < rows.length; from += CHUNK) {
            int[] chunk = Arrays.copyOfRange(rows, from, Math.min(rows.length, from + CHUNK));
            long drawn = Seeds.mix(seed == null ? FIXED : seed, index, from, TRANSFORM);
            Shard transformed = transform.apply(shard, chunk, drawn);
            engine.setSeed(seed == null ? null : Seeds.mix(seed, index, from, ENGINE));
            T value = call.apply(engine, transformed, first(chunk.length));
            sum = sum == null ? value : sum.merge(value);
        }
        return sum;
    }

    private static int[] first(int count) {
        int[] rows = new int[count];
        Arrays.setAll(rows, i -> i);
        return rows;
    }
}
