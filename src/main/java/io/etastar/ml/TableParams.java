package io.etastar.ml;

import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * Params that an object keeps in a table.
 *
 * @param <S> what setters return: the object's own class
 */
public interface TableParams<S> extends Params {
    /** The object's Params; the same table each time. */
    ParamTable table();

    /** Sets a Param; this. */
    @SuppressWarnings("unchecked")
    default <T> S with(Param<T> param, T value) {
        set(param, value);
        return (S) this;
    }
}
