package io.etastar.interchange;

import io.etastar.graph.GraphOp;
import io.etastar.graph.GraphReader;
import io.etastar.graph.Model;
import java.util.HashMap;
import java.util.Map;

/** What a parameter's values look like in a file, by what the graph does with it. */
final class WeightLayout {
    private enum Kind {
        DENSE,
        DEPTHWISE
    }

    private final Map<String, Kind> kinds = new HashMap<>();
    private final DenseLayout layout;

    WeightLayout(Model model, DenseLayout layout) {
        this.layout = layout;
        for (GraphOp op : GraphReader.operations(model)) {
            Kind kind = kind(op);
            if (kind != null) {
                kinds.put(op.inputs().get(1), kind);
            }
        }
    }

    /** The kind of the op's second input; null if it has none. */
    private static Kind kind(GraphOp op) {
        return switch (op.type()) {
            case "matmul" -> op.integers().length > 1 && op.integers()[1] == 1 ? null : Kind.DENSE;
            case "xw_plus_b" -> Kind.DENSE;
            case "depthwise_conv2d" -> Kind.DEPTHWISE;
            default -> null;
        };
    }

    private boolean turned(String name, int... shape) {
        int rank = kinds.get(name) == Kind.DENSE ? 2 : 4;
        return layout == DenseLayout.OUT_IN && kinds.containsKey(name) && shape.length == rank;
    }

    /** The shape in a file of a parameter of shape {@code shape}. */
    int[] fileShape(String name, int... shape) {
        if (!turned(name, shape)) {
            return shape;
        }
        return kinds.get(name) == Kind.DENSE
                ? new int[] {shape[1], shape[0]}
                : new int[] {shape[2] * shape[3], 1, shape[0], shape[1]};
    }

    /** A parameter's values, row-major, in the order of a file; a new array. */
    double[] toFile(String name, double[] values, int... shape) {
        if (!turned(name, shape)) {
            return values.clone();
        }
        int rows = rows(name, shape);
        return transposed(values, rows, values.length / rows);
    }

    /** A file's values in the order of the parameter; a new array. */
    double[] fromFile(String name, double[] values, int... shape) {
        if (!turned(name, shape)) {
            return values.clone();
        }
        int rows = rows(name, shape);
        return transposed(values, values.length / rows, rows);
    }

    /** Rows of the parameter as a matrix whose transpose is in the file: [in, out], or [kH kW, C multiplier]. */
    private int rows(String name, int... shape) {
        return kinds.get(name) == Kind.DENSE ? shape[0] : shape[0] * shape[1];
    }

    private static double[] transposed(double[] values, int rows, int columns) {
        double[] result = new double[values.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                result[j * rows + i] = values[i * columns + j];
            }
        }
        return result;
    }
}
