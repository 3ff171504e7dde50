package io.etastar.graph;

import io.etastar.partition.ParameterLayout;
import io.etastar.tensor.RawArray;
import java.util.Arrays;
import java.util.List;

/**
 * The long constants of a graph, such as frozen parameters: arrays beside it, so that its recipe stays short whatever their size.
 *
 * @param layout names of the graph's placeholders for them, shapes and order
 * @param values one behind another, shared
 */
public record GraphConstants(ParameterLayout layout, RawArray values) {
    /** None. */
    public static final GraphConstants NONE =
            new GraphConstants(new ParameterLayout(List.of(), List.of()), RawArray.of(new float[0]));

    /** Checks that there are as many values as the shapes say. */
    public GraphConstants {
        if (values.length() != layout.size()) {
            throw new IllegalArgumentException(values.length() + " values of constants of " + layout.size());
        }
    }

    /** Values of a constant, row-major, a new array; null if it is not among these. */
    public double[] values(String name) {
        int i = layout.indexOf(name);
        if (i < 0) {
            return null;
        }
        double[] found = new double[layout.length(i)];
        Arrays.setAll(found, j -> values.get(layout.offset(i) + j));
        return found;
    }
}
