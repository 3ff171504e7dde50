package io.etastar.partition;

import java.io.Serializable;
import java.util.List;

/**
 * Where each parameter tensor lies in the flat parameter array: in order, one after another, row-major.
 *
 * <p>Dense weights are [in, out], convolution weights [outC, inC, kH, kW].
 */
public final class ParameterLayout implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String[] names;
    private final int[][] shapes;
    private final int[] offsets;

    /**
     * @param names of the tensors, unique, in order
     * @param shapes of the tensors, same order; an empty shape is a scalar
     */
    public ParameterLayout(List<String> names, List<int[]> shapes) {
        if (names.size() != shapes.size()) {
            throw new IllegalArgumentException(names.size() + " names for " + shapes.size() + " shapes");
        }
        if (names.stream().distinct().count() != names.size()) {
            throw new IllegalArgumentException("parameter names are not unique: " + names);
        }
        this.names = names.toArray(new String[0]);
        this.shapes = shapes.stream().map(int[]::clone).toArray(int[][]::new);
        this.offsets = new int[this.names.length + 1];
        for (int i = 0; i < this.names.length; i++) {
            int length = 1;
            for (int side : this.shapes[i]) {
                length = Math.multiplyExact(length, side);
            }
            offsets[i + 1] = Math.addExact(offsets[i], length);
        }
    }

    /** Number of tensors. */
    public int count() {
        return names.length;
    }

    /** P, the number of parameters. */
    public int size() {
        return offsets[names.length];
    }

    /** Names in order. */
    public List<String> names() {
        return List.of(names);
    }

    /** Name of tensor {@code i}. */
    public String name(int i) {
        return names[i];
    }

    /** Shape of tensor {@code i}; a copy. */
    public int[] shape(int i) {
        return shapes[i].clone();
    }

    /** Offset of tensor {@code i} in the flat array. */
    public int offset(int i) {
        return offsets[i];
    }

    /** Number of elements of tensor {@code i}. */
    public int length(int i) {
        return offsets[i + 1] - offsets[i];
    }

    /** Index of the tensor of that name, or -1. */
    public int indexOf(String name) {
        return names().indexOf(name);
    }
}
