package io.etastar.spark.pass;

import io.etastar.quantity.Sum;
import java.io.Serializable;

/**
 * What one task of a pass returns.
 *
 * @param value a sum over the task's rows; null if it has none
 * @param compute the longest seconds of a task inside the engine
 * @param fetch the longest seconds in which a task waited for the broadcast
 */
record Partial<T>(T value, double compute, double fetch) implements Serializable {
    /** Adds values and keeps the longer times; a value of null adds nothing. */
    static <T extends Sum<T>> OrderedSum.Merge<Partial<T>> merging() {
        return (left, right) -> new Partial<>(
                left.value.merge(right.value),
                Math.max(left.compute, right.compute),
                Math.max(left.fetch, right.fetch));
    }
}
