package io.etastar.spark.pass;

import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.spark.rows.RowSelection;
import io.etastar.tensor.RawArray;
import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;

/**
 * What a pass does on one shard, on an executor. It travels with the task: what is large in it is a broadcast.
 *
 * @param <T> the sum that comes back
 */
@FunctionalInterface
interface ShardCall<T extends Sum<T>> extends Serializable {
    /** A new sum over rows of the shard; null if none is taken. */
    T apply(ShardContext on);

    /** Both calls, one after the other. */
    static <A extends Sum<A>, B extends Sum<B>> ShardCall<Sum.Both<A, B>> both(
            ShardCall<A> first, ShardCall<B> second) {
        return on -> Sum.Both.of(first.apply(on), second.apply(on));
    }

    /**
     * The evaluation of one quantity.
     *
     * @param quantity what is computed
     * @param rows taken of each shard
     * @param point of the evaluation; each shard has a seed of its own, mixed from the point's and the shard's number
     */
    record Evaluation<T extends Sum<T>>(Quantity<T> quantity, RowSelection rows, Point<Broadcast<RawArray>> point)
            implements ShardCall<T> {
        @Override
        public T apply(ShardContext on) {
            int[] chosen = rows.of(on.index());
            return chosen.length == 0 ? null : on.evaluate(quantity, chosen, point.map(on::fetch));
        }
    }
}
