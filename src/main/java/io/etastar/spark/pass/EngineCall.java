package io.etastar.spark.pass;

import io.etastar.data.Shard;
import io.etastar.quantity.Sum;
import io.etastar.spark.engine.Engine;
import java.io.Serializable;

/**
 * What a pass asks of an engine.
 *
 * @param <T> the sum it gives
 */
@FunctionalInterface
public interface EngineCall<T extends Sum<T>> extends Serializable {
    /** A new sum over {@code rows} of {@code shard}. */
    T apply(Engine engine, Shard shard, int[] rows);
}
