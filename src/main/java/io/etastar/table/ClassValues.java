package io.etastar.table;

import java.io.Serializable;
import java.util.List;

/**
 * The values of a column of labels that are the classes of a model, in the order of the classes' indices.
 *
 * @param kind of the values
 * @param names the values as text; empty if labels are class indices themselves
 */
public record ClassValues(Kind kind, List<String> names) implements Serializable {
    /** Labels that are class indices 0, 1, ... */
    public static final ClassValues INDICES = new ClassValues(Kind.INDEX, List.of());

    /** Labels that are false or true. */
    public static final ClassValues BOOLEANS = new ClassValues(Kind.BOOLEAN, List.of("false", "true"));

    private static final double WHOLE = 1L << 53;

    /** Kinds of labels. */
    public enum Kind {
        /** Class indices. */
        INDEX,
        /** Texts, ordered by their code points. */
        TEXT,
        /** False, then true. */
        BOOLEAN,
        /** Numbers, ordered by value. */
        NUMBER
    }

    /** Copies the list. */
    public ClassValues {
        names = List.copyOf(names);
    }

    /** Classes with these names, in this order; indices if there are none. */
    public static ClassValues named(List<String> names) {
        return names.isEmpty() ? INDICES : new ClassValues(Kind.TEXT, names);
    }

    /** A number as text: whole ones without a fraction. */
    public static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < WHOLE
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /** Whether labels are class indices, without names. */
    public boolean areIndices() {
        return kind == Kind.INDEX;
    }
}
