package io.etastar.spark.pass;

import io.etastar.data.Seeds;
import io.etastar.partition.Partition;
import io.etastar.quantity.Sum;
import io.etastar.spark.engine.Engine;
import io.etastar.spark.rows.RowSelection;
import io.etastar.spark.rows.ShardedData;
import java.io.Serializable;

/**
 * One call of one engine on rows of a shard.
 *
 * @param partition of the summary, or null for other passes
 * @param rows taken of each shard
 * @param call of the engine
 * @param transformed the call if rows are transformed, else null
 */
record EnginePass<T extends Sum<T>>(
        Partition partition, RowSelection rows, EngineCall<T> call, TransformedCall<T> transformed)
        implements Serializable {
    /** The pass over {@code data}, its rows transformed if that is asked for. */
    static <T extends Sum<T>> EnginePass<T> of(
            ShardedData data, Partition partition, RowSelection rows, EngineCall<T> call) {
        TransformedCall<T> transformed =
                data.transform() == null ? null : new TransformedCall<>(data.transform(), call);
        return new EnginePass<>(partition, rows, call, transformed);
    }

    /** The sum over this shard at {@code at}; null if none of its rows is taken. */
    T at(Point at, ShardContext on) {
        int[] chosen = rows.of(on.index());
        if (chosen.length == 0) {
            return null;
        }
        Engine engine = on.engine(partition);
        engine.setParameters(on.fetch(at.theta()));
        if (at.direction() != null) {
            engine.setDirection(on.fetch(at.direction()));
        }
        return sum(engine, on, chosen, at.seed());
    }

    /** The sum over {@code chosen} rows at what the engine was last given. */
    T sum(Engine engine, ShardContext on, int[] chosen, Long seed) {
        if (transformed != null) {
            return transformed.sum(engine, on.shard(), chosen, seed, on.index());
        }
        engine.setSeed(seed == null ? null : Long.valueOf(Seeds.mix(seed, on.index())));
        return call.apply(engine, on.shard(), chosen);
    }
}
