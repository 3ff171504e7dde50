package io.etastar.spark.pass;

import io.etastar.data.BatchTransform;
import io.etastar.data.Shard;
import io.etastar.quantity.Sum;
import io.etastar.spark.engine.EngineFactory;
import java.io.Serializable;
import java.util.Iterator;

/** The task of a pass: what is done with one shard, and how long that takes. */
final class PassTask<T extends Sum<T>> extends SumJob.Task<Shard, PassTask.Partial<T>> {
    private static final long serialVersionUID = 1L;

    private final BatchTransform transform;
    private final EngineFactory engines;
    private final ShardCall<T> call;

    /**
     * What one task returns.
     *
     * @param value a sum over the task's rows
     * @param compute the longest seconds of a task inside the engine
     * @param fetch the longest seconds in which a task waited for broadcasts
     */
    record Partial<T>(T value, double compute, double fetch) implements Serializable {
        /** Adds values and keeps the longer times. */
        static <T extends Sum<T>> OrderedSum.Merge<Partial<T>> merging() {
            return (left, right) -> new Partial<>(
                    left.value.merge(right.value),
                    Math.max(left.compute, right.compute),
                    Math.max(left.fetch, right.fetch));
        }
    }

    /**
     * @param leaves number of shards
     * @param transform of rows before an engine sees them; null for none
     * @param engines made as needed
     * @param call what is done
     * @param bytes of one result, roughly
     */
    PassTask(int leaves, BatchTransform transform, EngineFactory engines, ShardCall<T> call, long bytes) {
        super(leaves, bytes);
        this.transform = transform;
        this.engines = engines;
        this.call = call;
    }

    @Override
    Partial<T> term(int index, Iterator<Shard> shards) {
        try (TaskEngines lent = TaskEngines.ofTask(engines)) {
            ShardContext on = new ShardContext(index, shards.next(), transform, lent);
            long start = System.nanoTime();
            T value = call.apply(on);
            double seconds = (System.nanoTime() - start) * 1e-9 - on.fetchSeconds();
            lent.succeeded();
            return value == null ? null : new Partial<>(value, seconds, on.fetchSeconds());
        }
    }
}
