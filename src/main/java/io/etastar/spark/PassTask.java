package io.etastar.spark;

import io.etastar.data.Seeds;
import io.etastar.data.Shard;
import io.etastar.partition.Partition;
import io.etastar.tensor.RawArray;
import java.io.Serializable;
import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;

/** What a pass does on one shard, on an executor. */
final class PassTask<T> implements Function2<Integer, Iterator<Shard>, Iterator<OrderedSum<Partial<T>>>> {
    private static final long serialVersionUID = 1L;
    private static final ThreadLocal<Boolean> PREPARED = ThreadLocal.withInitial(() -> false);

    /**
     * Where the pass is made: theta [P], for summaries and Hessian-vector products alone a direction [P], and the pass's seed
     * or null; each shard has its own, mixed from the pass's and the shard's number.
     */
    record Point(RawArray theta, RawArray direction, Long seed) implements Serializable {}

    private final int leaves;
    private final Broadcast<Point> point;
    private final EngineFactory engines;
    private final Partition partition;
    private final RowSelection rows;
    private final EngineCall<T> call;
    private final TransformedCall<T> transformed;

    /** @param transformed the call where rows are transformed, else null */
    PassTask(
            int leaves,
            Broadcast<Point> point,
            EngineFactory engines,
            Partition partition,
            RowSelection rows,
            EngineCall<T> call,
            TransformedCall<T> transformed) {
        this.leaves = leaves;
        this.point = point;
        this.engines = engines;
        this.partition = partition;
        this.rows = rows;
        this.call = call;
        this.transformed = transformed;
    }

    @Override
    public Iterator<OrderedSum<Partial<T>>> call(Integer index, Iterator<Shard> shards) {
        int[] chosen = rows.of(index);
        Partial<T> partial = chosen.length == 0 ? null : compute(index, shards.next(), chosen);
        OrderedSum<Partial<T>> sum = new OrderedSum<>(leaves);
        sum.add(index, partial, (left, right) -> {
            throw new IllegalStateException("one leaf has nothing to merge with");
        });
        return Collections.singleton(sum).iterator();
    }

    private Partial<T> compute(int index, Shard shard, int[] chosen) {
        prepareThread();
        Engine engine = EnginePool.borrow(engines, partition);
        boolean good = false;
        try {
            Point at = point.value();
            long start = System.nanoTime();
            engine.setParameters(at.theta());
            if (at.direction() != null) {
                engine.setDirection(at.direction());
            }
            T value = value(engine, shard, chosen, at.seed(), index);
            good = true;
            return new Partial<>(value, (System.nanoTime() - start) * 1e-9);
        } finally {
            if (good) {
                EnginePool.giveBack(engines, partition, engine);
            } else {
                engine.close();
            }
        }
    }

    private T value(Engine engine, Shard shard, int[] chosen, Long seed, int index) {
        if (transformed != null) {
            return transformed.sum(engine, shard, chosen, seed, index);
        }
        engine.setSeed(seed == null ? null : Seeds.mix(seed, index));
        return call.apply(engine, shard, chosen);
    }

    private void prepareThread() {
        if (!PREPARED.get()) {
            engines.prepareThread(TaskContext.get().cpus());
            PREPARED.set(true);
        }
    }
}
