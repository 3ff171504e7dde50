package io.etastar.spark.pass;

import io.etastar.data.BatchTransform;
import io.etastar.data.Permutation;
import io.etastar.data.Shard;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.spark.engine.Engine;
import io.etastar.tensor.RawArray;
import java.util.Arrays;
import org.apache.spark.broadcast.Broadcast;

/** A shard in a task: its rows, what the driver sends, and the task's engines. */
final class ShardContext {
    /** Rows transformed at once: a few tens of megabytes. */
    static final int CHUNK = 2048;

    /** Stands in for the seed of passes in which nothing else is random. */
    private static final long FIXED = 0x5EEDL;

    private static final long TRANSFORM = 1;
    private static final long ENGINE = 2;

    private final int index;
    private final Shard shard;
    private final BatchTransform transform;
    private final TaskEngines engines;
    private double fetchSeconds;

    /**
     * @param index number of the shard
     * @param transform of rows before an engine sees them; null for none
     * @param engines of the task
     */
    ShardContext(int index, Shard shard, BatchTransform transform, TaskEngines engines) {
        this.index = index;
        this.shard = shard;
        this.transform = transform;
        this.engines = engines;
    }

    /** Number of the shard. */
    int index() {
        return index;
    }

    /** What the driver sent; shared by the tasks of an executor. The wait for it is counted apart. */
    <V> V fetch(Broadcast<V> sent) {
        long start = System.nanoTime();
        V value = sent.value();
        fetchSeconds += (System.nanoTime() - start) * 1e-9;
        return value;
    }

    /**
     * A quantity over {@code rows} of the shard, by an engine of this task.
     *
     * @param point whose seed is that of the whole pass
     */
    <T extends Sum<T>> T evaluate(Quantity<T> quantity, int[] rows, Point<RawArray> point) {
        Engine engine = engines.of(quantity.partition());
        if (transform != null) {
            return transformed(engine, quantity, rows, point);
        }
        Long seed = point.seed();
        return engine.evaluate(
                quantity, shard, rows, seed == null ? point : point.withSeed(Permutation.mix(seed, index)));
    }

    /**
     * The quantity over transformed rows, some thousands at a time. What is random follows from the pass's seed, the shard's
     * number and the rows' place among those of the pass; without a seed it is the same in every pass.
     */
    private <T extends Sum<T>> T transformed(Engine engine, Quantity<T> quantity, int[] rows, Point<RawArray> point) {
        Long seed = point.seed();
        T sum = null;
        for (int from = 0; from < rows.length; from += CHUNK) {
            int[] chunk = Arrays.copyOfRange(rows, from, Math.min(rows.length, from + CHUNK));
            Shard changed =
                    transform.apply(shard, chunk, Permutation.mix(seed == null ? FIXED : seed, index, from, TRANSFORM));
            Point<RawArray> at = seed == null ? point : point.withSeed(Permutation.mix(seed, index, from, ENGINE));
            T value = engine.evaluate(quantity, changed, first(chunk.length), at);
            sum = sum == null ? value : sum.merge(value);
        }
        return sum;
    }

    private static int[] first(int count) {
        int[] rows = new int[count];
        Arrays.setAll(rows, i -> i);
        return rows;
    }

    double fetchSeconds() {
        return fetchSeconds;
    }
}
