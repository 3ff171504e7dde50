package io.etastar.spark.pass;

import io.etastar.data.Shard;
import io.etastar.quantity.Sum;
import io.etastar.spark.engine.EngineFactory;
import java.util.Iterator;
import org.apache.spark.TaskContext;

/**
 * The task of a pass.
 *
 * @param leaves number of shards
 * @param engines made as needed
 * @param call what is done
 */
record PassTask<T extends Sum<T>>(int leaves, EngineFactory engines, ShardCall<T> call)
        implements SumJob.Leaf<Shard, Partial<T>> {
    private static final ThreadLocal<Boolean> PREPARED = ThreadLocal.withInitial(() -> false);

    @Override
    public OrderedSum<Partial<T>> of(int index, Iterator<Shard> shards) {
        return new OrderedSum<Partial<T>>(leaves).add(index, compute(index, shards.next()), null);
    }

    private Partial<T> compute(int index, Shard shard) {
        prepareThread();
        try (ShardContext on = new ShardContext(index, shard, engines)) {
            long start = System.nanoTime();
            T value = call.apply(on);
            double seconds = (System.nanoTime() - start) * 1e-9 - on.fetchSeconds();
            on.succeeded();
            return value == null ? null : new Partial<>(value, seconds, on.fetchSeconds());
        }
    }

    private void prepareThread() {
        if (!PREPARED.get()) {
            engines.prepareThread(TaskContext.get().cpus());
            PREPARED.set(true);
        }
        engines.prepareTask();
    }
}
