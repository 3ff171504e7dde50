package io.etastar.graph;

import io.etastar.tensor.RawArray;
import java.io.Serializable;

/** Where the values of a graph's long constants are: in memory, or where executors have been sent them. */
public interface ConstantValues extends Serializable {
    /** The values, shared. */
    RawArray get();

    /** Values in memory, which travel along; null for null. */
    static ConstantValues of(RawArray values) {
        return values == null ? null : new InMemory(values);
    }

    /**
     * In memory.
     *
     * @param get the values
     */
    record InMemory(RawArray get) implements ConstantValues {}
}
