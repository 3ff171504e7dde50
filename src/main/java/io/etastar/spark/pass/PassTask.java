package io.etastar.spark.pass;

import io.etastar.data.BatchTransform;
import io.etastar.data.Shard;
import io.etastar.quantity.Sum;
import io.etastar.spark.engine.EngineFactory;
import java.util.Iterator;
import org.apache.spark.TaskContext;

/** The task of a pass: what is done with one shard, and how long that takes. */
final class PassTask<T extends Sum<T>> extends SumJob.Task<Shard, Partial<T>> {
    private static final long serialVersionUID = 1L;
    private static final ThreadLocal<Boolean> PREPARED = ThreadLocal.withInitial(() -> false);

    private final BatchTransform transform;
    private final EngineFactory engines;
    private final ShardCall<T> call;

    /**
     * @param transform of rows before an engine sees them; null for none
     * @param engines made as needed
     * @param call what is done
     * @param bytes of one result, roughly
     */
    PassTask(BatchTransform transform, EngineFactory engines, ShardCall<T> call, long bytes) {
        super(bytes);
        this.transform = transform;
        this.engines = engines;
        this.call = call;
    }

    @Override
    Partial<T> term(int index, Iterator<Shard> shards) {
        prepareThread();
        try (ShardContext on = new ShardContext(index, shards.next(), transform, engines)) {
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
