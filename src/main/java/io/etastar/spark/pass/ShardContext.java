package io.etastar.spark.pass;

import io.etastar.data.Shard;
import io.etastar.partition.Partition;
import io.etastar.spark.engine.Engine;
import io.etastar.spark.engine.EngineFactory;
import io.etastar.spark.engine.EnginePool;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.broadcast.Broadcast;

/**
 * What a task may use: its shard, what the driver sends, and engines, which are its own until it ends.
 */
final class ShardContext implements AutoCloseable {
    private final int index;
    private final Shard shard;
    private final EngineFactory factory;
    private final List<Borrowed> borrowed = new ArrayList<>();
    private double fetchSeconds;
    private boolean good;

    private record Borrowed(Partition partition, Engine engine) {}

    ShardContext(int index, Shard shard, EngineFactory factory) {
        this.index = index;
        this.shard = shard;
        this.factory = factory;
    }

    /** Number of the shard. */
    int index() {
        return index;
    }

    Shard shard() {
        return shard;
    }

    /** What the driver sent; shared by the tasks of an executor. The wait for it is counted apart. */
    <V> V fetch(Broadcast<V> sent) {
        long start = System.nanoTime();
        V value = sent.value();
        fetchSeconds += (System.nanoTime() - start) * 1e-9;
        return value;
    }

    /** The engine of a partition, or the one without; the same at each call. */
    Engine engine(Partition partition) {
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
