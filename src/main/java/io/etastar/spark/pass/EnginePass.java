package io.etastar.spark.pass;

import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.spark.rows.RowSelection;
import io.etastar.tensor.RawArray;
import org.apache.spark.broadcast.Broadcast;

/**
 * One quantity over rows of a shard.
 *
 * @param quantity what is computed
 * @param rows taken of each shard
 * @param point of the evaluation; each shard has a seed of its own, mixed from the point's and the shard's number
 */
record EnginePass<T extends Sum<T>>(Quantity<T> quantity, RowSelection rows, Point<Broadcast<RawArray>> point)
        implements ShardCall<T> {
    @Override
    public T apply(ShardContext on) {
        int[] chosen = rows.of(on.index());
        return chosen.length == 0 ? null : on.evaluate(quantity, chosen, point.map(on::fetch));
    }
}
