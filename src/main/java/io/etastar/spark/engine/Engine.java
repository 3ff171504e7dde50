package io.etastar.spark.engine;

import io.etastar.data.Shard;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.tensor.RawArray;

/** What a task computes with; compiled programs of {@code taylor} in production. Used by one thread at a time. */
public interface Engine extends AutoCloseable {
    /**
     * A quantity over rows of a shard.
     *
     * @param quantity what is computed; if it has a partition, the engine was made for that one
     * @param rows of {@code shard}
     * @param point arrays of any precision, which are copied when a point is first seen; the same seed, shard and rows give the
     *     same results
     * @return the sum over the rows, each times its weight, in new arrays
     */
    <T extends Sum<T>> T evaluate(Quantity<T> quantity, Shard shard, int[] rows, Point<RawArray> point);

    /** Frees what the engine holds. */
    @Override
    void close();
}
