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
}
