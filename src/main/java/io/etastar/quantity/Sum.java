package io.etastar.quantity;

import java.io.Serializable;

/**
 * A sum over samples, which a distributed pass merges shard by shard.
 *
 * @param <T> the sum's own type
 */
public interface Sum<T extends Sum<T>> extends Serializable {
    /** The sum over both sets of samples, of the same kind and size; may be either of the two, changed in place. */
    T merge(T other);

    /** The sum over both sets of samples; null is the sum over none. */
    static <T extends Sum<T>> T merged(T first, T second) {
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        return first.merge(second);
    }

    /**
     * Two sums of one pass, over batches of their own.
     *
     * @param first null if there is no row of the first batch
     * @param second null if there is no row of the second batch
     */
    record Both<A extends Sum<A>, B extends Sum<B>>(A first, B second) implements Sum<Both<A, B>> {
        /** Both sums; null if both are. */
        public static <A extends Sum<A>, B extends Sum<B>> Both<A, B> of(A first, B second) {
            return first == null && second == null ? null : new Both<>(first, second);
        }

        /** Adds {@code other}; the sums of either may be changed in place. */
        @Override
        public Both<A, B> merge(Both<A, B> other) {
            return new Both<>(merged(first, other.first), merged(second, other.second));
        }
    }
}
