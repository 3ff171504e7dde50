package io.etastar.spark;

import java.io.Serializable;

/**
 * What one task of a pass returns.
 *
 * @param value a sum over the task's rows; null where it has none
 * @param seconds the longest time of a task inside the engine
 */
record Partial<T>(T value, double seconds) implements Serializable {
    /** Adds values and keeps the longer time. */
    static <T> OrderedSum.Merge<Partial<T>> merging(OrderedSum.Merge<T> merge) {
        return (left, right) ->
                new Partial<>(merge.merge(left.value, right.value), Math.max(left.seconds, right.seconds));
    }
}
