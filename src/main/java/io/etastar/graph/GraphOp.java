package io.etastar.graph;

import java.util.List;

/**
 * One operation of a graph, read off SameDiff: what the engine compiles.
 *
 * @param name of the node, for messages
 * @param type op name as SameDiff spells it, such as {@code matmul}
 * @param inputs names of the input variables, in order
 * @param output name of the output variable
 * @param integers integer arguments
 * @param scalars floating-point arguments; the scalar of a scalar op
 * @param flags boolean arguments; of a variance, whether it is bias-corrected
 * @param axes of a reduction; empty for all
 * @param keepAxes whether a reduction keeps its axes with length 1
 */
public record GraphOp(
        String name,
        String type,
        List<String> inputs,
        String output,
        long[] integers,
        double[] scalars,
        boolean[] flags,
        int[] axes,
        boolean keepAxes) {
    private static final long[] NO_INTEGERS = {};
    private static final double[] NO_SCALARS = {};
    private static final boolean[] NO_FLAGS = {};
    private static final int[] NO_AXES = {};

    /** An operation without arguments. */
    public static GraphOp of(String name, String type, List<String> inputs, String output) {
        return new GraphOp(name, type, inputs, output, NO_INTEGERS, NO_SCALARS, NO_FLAGS, NO_AXES, false);
    }

    /** This operation with other floating-point arguments. */
    public GraphOp withScalars(double... values) {
        return new GraphOp(name, type, inputs, output, integers, values, flags, axes, keepAxes);
    }

    /** This operation with other integer arguments. */
    public GraphOp withIntegers(long... values) {
        return new GraphOp(name, type, inputs, output, values, scalars, flags, axes, keepAxes);
    }

    /** This operation as a reduction over {@code reduced}; {@code flags} as of a variance. */
    public GraphOp withAxes(boolean keep, boolean[] newFlags, int... reduced) {
        return new GraphOp(name, type, inputs, output, integers, scalars, newFlags, reduced, keep);
    }

    /** This operation on other variables. */
    public GraphOp with(List<String> newInputs, String newOutput) {
        return new GraphOp(name, type, newInputs, newOutput, integers, scalars, flags, axes, keepAxes);
    }
}
