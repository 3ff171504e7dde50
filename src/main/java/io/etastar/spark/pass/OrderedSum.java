package io.etastar.spark.pass;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * A sum with a fixed association: the same bits in whatever order its terms arrive.
 *
 * <p>The n terms are the leaves of a binary tree over their indices. Node i of a level is the parent of nodes 2i and 2i + 1
 * of the level below; a last node without a sibling rises unchanged. The accumulator keeps the nodes whose sibling is not
 * there yet and merges only siblings, left with right, so neither timing, retries nor the depth of Spark's tree matter.
 *
 * @param <T> what is summed; null is a term that adds nothing
 */
public final class OrderedSum<T> implements Serializable {
    private static final long serialVersionUID = 1L;

    /**
     * Adds two terms.
     *
     * @param <T> what is summed
     */
    @FunctionalInterface
    public interface Merge<T> extends Serializable {
        /** The sum of both, which may be either of them changed in place; neither is null. */
        T merge(T left, T right);
    }

    private final int leaves;
    private final HashMap<Long, T> pending = new HashMap<>();

    /** @param leaves number of terms n, at least 1 */
    public OrderedSum(int leaves) {
        if (leaves < 1) {
            throw new IllegalArgumentException("a sum of " + leaves + " terms");
        }
        this.leaves = leaves;
    }

    /**
     * Adds the term of index {@code leaf}; returns this.
     *
     * @throws IllegalStateException if that term was added before
     */
    public OrderedSum<T> add(int leaf, T value, Merge<T> merge) {
        if (leaf < 0 || leaf >= leaves) {
            throw new IllegalArgumentException("term " + leaf + " of a sum of " + leaves);
        }
        place(0, leaf, value, merge);
        return this;
    }

    /** Adds all terms of {@code other}, a sum over the same leaves; returns this. */
    public OrderedSum<T> addAll(OrderedSum<T> other, Merge<T> merge) {
        if (other.leaves != leaves) {
            throw new IllegalArgumentException("sums of " + leaves + " and " + other.leaves + " terms");
        }
        for (Map.Entry<Long, T> node : other.pending.entrySet()) {
            long key = node.getKey();
            place((int) (key >> 32), (int) key, node.getValue(), merge);
        }
        return this;
    }

    /**
     * The sum, null if all terms are null.
     *
     * @throws IllegalStateException if terms are missing
     */
    public T result() {
        int top = 0;
        while (nodes(top) > 1) {
            top++;
        }
        if (!pending.containsKey(key(top, 0))) {
            throw new IllegalStateException("terms are missing from a sum of " + leaves);
        }
        return pending.get(key(top, 0));
    }

    private void place(int leafLevel, int leafIndex, T leafValue, Merge<T> merge) {
        int level = leafLevel;
        int index = leafIndex;
        T value = leafValue;
        while (nodes(level) > 1) {
            int sibling = index ^ 1;
            if (sibling < nodes(level)) {
                if (!pending.containsKey(key(level, sibling))) {
                    break;
                }
                T other = pending.remove(key(level, sibling));
                value = index < sibling ? join(value, other, merge) : join(other, value, merge);
            }
            level++;
            index >>= 1;
        }
        if (pending.containsKey(key(level, index))) {
            throw new IllegalStateException("node " + index + " of level " + level + " was added twice");
        }
        pending.put(key(level, index), value);
    }

    private static <T> T join(T left, T right, Merge<T> merge) {
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        return merge.merge(left, right);
    }

    /** Number of nodes of a level: leaves / 2^level, rounded up. */
    private int nodes(int level) {
        return (int) ((leaves + (1L << level) - 1) >> level);
    }

    private static long key(int level, int index) {
        return (long) level << 32 | index;
    }
}
