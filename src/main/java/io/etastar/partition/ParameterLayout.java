package io.etastar.partition;

import java.io.Serializable;
import java.util.List;

/**
 * Where each parameter tensor lies in the flat parameter array: in order, one after another, row-major.
 *
 * <p>Unless it is told otherwise, dense weights are [in, out], convolution weights [outC, inC, kH, kW].
 */
public final class ParameterLayout implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String[] names;
    private final int[][] shapes;
    private final int[] offsets;
    private final boolean[] outputsFirst;

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
        outputsFirst = new boolean[this.names.length];
        for (int i = 0; i < outputsFirst.length; i++) {
            outputsFirst[i] = this.shapes[i].length > 2;
        }
    }

    private ParameterLayout(ParameterLayout other, boolean... outputsFirst) {
        names = other.names;
        shapes = other.shapes;
        offsets = other.offsets;
        this.outputsFirst = outputsFirst.clone();
    }

    /** The same tensors, of which these have their outputs on the first axis. */
    public ParameterLayout withOutputsFirst(boolean... sides) {
        if (sides.length != names.length) {
            throw new IllegalArgumentException(sides.length + " sides for " + names.length + " tensors");
        }
        return new ParameterLayout(this, sides);
    }

    /** Whether the first axis of tensor {@code i}, a weight, is that of its outputs; else it is that of its inputs. */
    public boolean outputsFirst(int i) {
        return outputsFirst[i];
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
