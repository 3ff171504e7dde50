package io.etastar.spark;

import io.etastar.data.Seeds;
import io.etastar.partition.Partition;
import io.etastar.tensor.RawArray;
import java.io.Serializable;

/**
 * One call of one engine on rows of a shard.
 *
 * @param partition of the summary, or null for other passes
 * @param rows taken of each shard
 * @param call of the engine
 * @param transformed the call where rows are transformed, else null
 */
record EnginePass<T>(Partition partition, RowSelection rows, EngineCall<T> call, TransformedCall<T> transformed)
        implements ShardCall<EnginePass.Point, T> {
    /**
     * Where a pass is made: theta [P], for summaries and Hessian-vector products alone a direction [P], and the pass's seed
     * or null; each shard has its own, mixed from the pass's and the shard's number.
     */
    record Point(RawArray theta, RawArray direction, Long seed) implements Serializable {}

    /** The pass over {@code data}, its rows transformed where that is asked for. */
    static <T> EnginePass<T> of(
            ShardedData data, Partition partition, RowSelection rows, EngineCall<T> call, OrderedSum.Merge<T> merge) {
        TransformedCall<T> transformed =
                data.transform() == null ? null : new TransformedCall<>(data.transform(), call, merge);
        return new EnginePass<>(partition, rows, call, transformed);
    }

    @Override
    public T apply(ShardContext<Point> on) {
        return at(on, null);
    }

    /** The pass with another seed than the point's, where {@code other} is not null. */
    T at(ShardContext<Point> on, Long other) {
        int[] chosen = rows.of(on.index());
        if (chosen.length == 0) {
            return null;
        }
        Point at = on.sent();
        Engine engine = on.engine(partition);
        engine.setParameters(at.theta());
        if (at.direction() != null) {
            engine.setDirection(at.direction());
        }
        return sum(engine, on, chosen, other == null ? at.seed() : other);
    }

    /** The sum over {@code chosen} rows at what the engine was last given. */
    T sum(Engine engine, ShardContext<?> on, int[] chosen, Long seed) {
        if (transformed != null) {
            return transformed.sum(engine, on.shard(), chosen, seed, on.index());
        }
        engine.setSeed(seed == null ? null : Long.valueOf(Seeds.mix(seed, on.index())));
        return call.apply(engine, on.shard(), chosen);
    }
}
