package io.etastar.spark.pass;

import io.etastar.data.BatchTransform;
import io.etastar.data.Permutation;
import io.etastar.data.Shard;
import io.etastar.partition.Partition;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.spark.engine.Engine;
import io.etastar.spark.engine.EngineFactory;
import io.etastar.spark.engine.EnginePool;
import io.etastar.tensor.RawArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.spark.broadcast.Broadcast;

/**
 * The resources of a task: its shard, what the driver sends, and engines, which belong to the task until it ends.
 */
final class ShardContext implements AutoCloseable {
    /** Rows transformed at once: a few tens of megabytes. */
    static final int CHUNK = 2048;

    /** Stands in for the seed of passes in which nothing else is random. */
    private static final long FIXED = 0x5EEDL;

    private static final long TRANSFORM = 1;
    private static final long ENGINE = 2;

    private final int index;
    private final Shard shard;
    private final BatchTransform transform;
    private final EngineFactory factory;
    private final List<Borrowed> borrowed = new ArrayList<>();
    private double fetchSeconds;
    private boolean good;

    private record Borrowed(Partition partition, Engine engine) {}

    /**
     * @param index number of the shard
     * @param transform of rows before an engine sees them; null for none
     */
    ShardContext(int index, Shard shard, BatchTransform transform, EngineFactory factory) {
        this.index = index;
        this.shard = shard;
        this.transform = transform;
        this.factory = factory;
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
        Engine engine = engine(quantity.partition());
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

    /** The engine of a partition, or the one without; the same at each call. */
    private Engine engine(Partition partition) {
        for (Borrowed one : borrowed) {
            if (Objects.equals(one.partition, partition)) {
                return one.engine;
            }
        }
        Engine engine = EnginePool.borrow(factory, partition);
        borrowed.add(new Borrowed(partition, engine));
        return engine;
    }

    double fetchSeconds() {
        return fetchSeconds;
    }

    /** To be called if nothing was thrown: engines may then be used again. */
    void succeeded() {
        good = true;
    }

    /** Gives engines back, or closes them if a call failed. */
    @Override
    public void close() {
        for (Borrowed one : borrowed) {
            if (good) {
                EnginePool.giveBack(factory, one.partition, one.engine);
            } else {
                one.engine.close();
            }
        }
    }
}
