package io.etastar.tune;

import java.util.List;

/**
 * Values of a list.
 *
 * @param key path of the key
 * @param values as a job file has them, at least two
 * @param isOrdered whether they are points of a range
 */
public record Choice(String key, List<String> values, boolean isOrdered) implements Domain {
    /** A copy of the list is kept. */
    public Choice {
        values = List.copyOf(values);
    }

    @Override
    public String at(double u) {
        return values.get((int) Math.min(values.size() - 1L, (long) (u * values.size())));
    }

    @Override
    public List<String> checked() {
        return values;
    }

    @Override
    public String toString() {
        return key + "=[" + String.join(", ", values) + "]";
    }

    @Override
    public int size() {
        return values.size();
    }
}
