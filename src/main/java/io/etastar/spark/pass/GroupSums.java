package io.etastar.spark.pass;

import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.spark.rows.RowGroups;
import io.etastar.spark.rows.RowSelection;
import io.etastar.tensor.RawArray;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.broadcast.Broadcast;

/**
 * A sum for each group of rows.
 *
 * @param <T> the sum
 * @param sums by group; groups without rows are left out
 */
record GroupSums<T extends Sum<T>>(TreeMap<Integer, T> sums) implements Sum<GroupSums<T>> {
    /** Adds {@code other} in place and returns this; the sums of either may be changed. */
    @Override
    public GroupSums<T> merge(GroupSums<T> other) {
        other.sums.forEach((group, sum) -> sums.merge(group, sum, Sum::merged));
        return this;
    }

    /**
     * The evaluation of one quantity over all rows of a shard, group by group.
     *
     * @param quantity what is computed
     * @param groups of all rows
     * @param rowsPerShard rows of each shard; shared
     * @param point of the evaluation
     */
    record Evaluation<T extends Sum<T>>(
            Quantity<T> quantity, RowGroups groups, int[] rowsPerShard, Point<Broadcast<RawArray>> point)
            implements ShardCall<GroupSums<T>> {
        @Override
        public GroupSums<T> apply(ShardContext on) {
            int first = IntStream.of(rowsPerShard).limit(on.index()).sum();
            Map<Integer, int[]> own = groups.within(first, rowsPerShard[on.index()]);
            // One object for all groups: an engine copies the arrays of each point it meets.
            Point<RawArray> there = own.isEmpty() ? null : point.map(on::fetch);
            TreeMap<Integer, T> sums = new TreeMap<>();
            own.forEach((group, rows) -> sums.put(group, on.evaluate(quantity, rows, there)));
            return sums.isEmpty() ? null : new GroupSums<>(sums);
        }
    }

    /**
     * The evaluation of one quantity over several batches, each a group by its place.
     *
     * @param quantity what is computed
     * @param batches rows of each
     * @param point of the evaluation
     */
    record OfBatches<T extends Sum<T>>(
            Quantity<T> quantity, List<RowSelection> batches, Point<Broadcast<RawArray>> point)
            implements ShardCall<GroupSums<T>> {
        @Override
        public GroupSums<T> apply(ShardContext on) {
            Point<RawArray> there = point.map(on::fetch);
            TreeMap<Integer, T> sums = new TreeMap<>();
            for (int i = 0; i < batches.size(); i++) {
                int[] rows = batches.get(i).of(on.index());
                if (rows.length > 0) {
                    sums.put(i, on.evaluate(quantity, rows, there));
                }
            }
            return sums.isEmpty() ? null : new GroupSums<>(sums);
        }
    }
}
