package io.etastar.optimizer;

import java.util.LinkedHashMap;
import java.util.Map;

/** Reading and nesting of states. */
public final class State {
    private State() {}

    /** A copy of the array of that name. */
    public static double[] array(Map<String, double[]> state, String name, int length) {
        double[] value = state.get(name);
        if (value == null || value.length != length) {
            throw new IllegalArgumentException("state '" + name + "': found "
                    + (value == null ? "nothing" : value.length + " numbers") + ", expected " + length);
        }
        return value.clone();
    }

    /** The same, or null if there is none of that name. */
    public static double[] optional(Map<String, double[]> state, String name, int length) {
        return state.containsKey(name) ? array(state, name, length) : null;
    }

    public static long count(Map<String, double[]> state, String name) {
        return Math.round(array(state, name, 1)[0]);
    }

    public static double[] count(long value) {
        return new double[] {value};
    }

    /** Adds {@code inner} to {@code outer} under {@code prefix} and a point. */
    public static void nest(Map<String, double[]> outer, String prefix, Map<String, double[]> inner) {
        inner.forEach((name, value) -> outer.put(prefix + "." + name, value));
    }

    /** The inner state that {@link #nest} put there. */
    public static Map<String, double[]> nested(Map<String, double[]> outer, String prefix) {
        Map<String, double[]> inner = new LinkedHashMap<>();
        outer.forEach((name, value) -> {
            if (name.startsWith(prefix + ".")) {
                inner.put(name.substring(prefix.length() + 1), value);
            }
        });
        return inner;
    }
}
