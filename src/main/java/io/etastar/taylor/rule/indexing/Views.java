package io.etastar.taylor.rule.indexing;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.rule.Windows;
import java.util.Arrays;

/** What ops that move elements around take from their input: {@link StridedView} of the input's shape and the arguments. */
public final class Views {
    private Views() {}

    /** An axis counted from the end if it is negative. */
    public static int axis(GraphOp source, long axis, int rank) {
        long found = axis < 0 ? axis + rank : axis;
        if (found < 0 || found >= rank) {
            throw Op.error(source, "found axis " + axis + ", expected one of " + rank + " axes");
        }
        return (int) found;
    }

    /** y[i] = x[permuted i]: axes in the order of the integers, reversed if there are none. */
    public static StridedView permute(GraphOp source, int... shape) {
        int rank = shape.length;
        long[] order = source.integers();
        if (order.length != 0 && order.length != rank) {
            throw Op.rank(source, shape, "as many axes as the permutation " + Arrays.toString(order));
        }
        int[] from = StridedView.strides(shape);
        int[] sides = new int[rank];
        int[] strides = new int[rank];
        for (int i = 0; i < rank; i++) {
            int axis = order.length == 0 ? rank - 1 - i : axis(source, order[i], rank);
            sides[i] = shape[axis];
            strides[i] = from[axis];
        }
        return new StridedView(0, sides, strides, sides);
    }

    /** y = x[begin_0 : begin_0 + size_0, ...]; integers are all begins, then all sizes, -1 for what is left. */
    public static StridedView slice(GraphOp source, int... shape) {
        int rank = shape.length;
        long[] arguments = source.integers();
        if (arguments.length != 2 * rank) {
            throw Op.rank(source, shape, "constant begins and sizes, one for each axis");
        }
        int[] sides = new int[rank];
        int[] strides = StridedView.strides(shape);
        int offset = 0;
        for (int i = 0; i < rank; i++) {
            int begin = (int) (arguments[i] < 0 ? arguments[i] + shape[i] : arguments[i]);
            sides[i] = (int) (arguments[rank + i] < 0 ? shape[i] - begin : arguments[rank + i]);
            requireInside(source, i, begin, begin + sides[i] - 1, sides[i], shape);
            offset += begin * strides[i];
        }
        return new StridedView(offset, sides, strides, sides);
    }

    private static void requireInside(GraphOp source, int axis, int first, int last, int side, int... shape) {
        if (side < 1 || Math.min(first, last) < 0 || Math.max(first, last) >= shape[axis]) {
            throw Op.error(
                    source,
                    "found elements " + first + " to " + last + " of axis " + axis + ", expected some of 0 to "
                            + (shape[axis] - 1));
        }
    }

    /** y = x[begin:end:step, ...] with the masks of TensorFlow's op, which come first: begin, ellipsis, end, new axis, shrink. */
    public static StridedView stridedSlice(GraphOp source, int... shape) {
        return StridedSlices.view(source, shape);
    }

    /** y = x repeated integers[i] times along axis i. */
    public static StridedView tile(GraphOp source, int... shape) {
        int rank = shape.length;
        long[] times = source.integers();
        if (times.length != rank) {
            throw Op.rank(source, shape, "a constant number of repeats for each axis");
        }
        int[] from = StridedView.strides(shape);
        int[] sides = new int[2 * rank];
        int[] strides = new int[2 * rank];
        int[] tiled = new int[rank];
        for (int i = 0; i < rank; i++) {
            sides[2 * i] = (int) times[i];
            sides[2 * i + 1] = shape[i];
            strides[2 * i + 1] = from[i];
            tiled[i] = shape[i] * (int) times[i];
        }
        return new StridedView(0, sides, strides, tiled);
    }

    /** y = x with the axes that the integers name running backwards. */
    public static StridedView reverse(GraphOp source, int... shape) {
        int[] strides = StridedView.strides(shape);
        int offset = 0;
        for (long named : source.integers()) {
            int axis = axis(source, named, shape.length);
            offset += (shape[axis] - 1) * strides[axis];
            strides[axis] = -strides[axis];
        }
        return new StridedView(offset, shape.clone(), strides, shape.clone());
    }

    /** y = images [N, C, H, W] with every pixel repeated; integers are the repeats of rows and of columns, 1 for this layout. */
    public static StridedView enlarge(GraphOp source, int... shape) {
        Windows.requireImages(source, shape);
        long[] arguments = source.integers();
        if (arguments.length > 2 && arguments[2] != 1) {
            throw Op.error(source, "found channels last, expected images [N, C, H, W]");
        }
        int down = (int) arguments[0];
        int right = (int) arguments[1];
        int[] sides = {shape[0] * shape[1], shape[2], down, shape[3], right};
        int[] strides = {shape[2] * shape[3], shape[3], 0, 1, 0};
        return new StridedView(0, sides, strides, new int[] {shape[0], shape[1], down * shape[2], right * shape[3]});
    }
}
