package io.etastar.taylor.rule.indexing;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Op;
import java.util.ArrayList;
import java.util.List;

/**
 * y = x[begin:end:step, ...]: five masks (begin, ellipsis, end, new axis, shrink axis), then begins, ends and steps.
 *
 * <p>A bit of the begin or end mask leaves that end of its axis open; one of the shrink mask takes a single element and drops
 * the axis. Ellipsis and new axes are refused.
 */
final class StridedSlices {
    private static final int MASKS = 5;

    private final GraphOp source;
    private final int[] shape;
    private final int named;
    private final int[] sides;
    private final int[] strides;
    private final List<Integer> kept = new ArrayList<>();
    private int offset;

    private StridedSlices(GraphOp source, int... shape) {
        this.source = source;
        this.shape = shape;
        named = (source.integers().length - MASKS) / 3;
        sides = shape.clone();
        strides = StridedView.strides(shape);
    }

    static StridedView view(GraphOp source, int... shape) {
        long[] arguments = source.integers();
        if (arguments.length < MASKS + 3 || arguments.length > MASKS + 3 * shape.length) {
            throw Op.rank(source, shape, "constant begins, ends and steps, one for each axis");
        }
        if (arguments[1] != 0 || arguments[3] != 0) {
            throw Op.error(source, "found an ellipsis or a new axis, expected begins, ends and steps alone");
        }
        StridedSlices slices = new StridedSlices(source, shape);
        for (int axis = 0; axis < shape.length; axis++) {
            if (axis < slices.named) {
                slices.cut(axis);
            } else {
                slices.kept.add(shape[axis]);
            }
        }
        return new StridedView(
                slices.offset,
                slices.sides,
                slices.strides,
                slices.kept.stream().mapToInt(Integer::intValue).toArray());
    }

    private boolean bit(int mask, int axis) {
        return (source.integers()[mask] >> axis & 1) == 1;
    }

    /** The axis's begin (which = 0), end (1) or step (2). */
    private long argument(int which, int axis) {
        return source.integers()[MASKS + which * named + axis];
    }

    private long inside(int which, int axis) {
        long found = argument(which, axis);
        return found < 0 ? found + shape[axis] : found;
    }

    private void cut(int axis) {
        long step = argument(2, axis);
        boolean single = bit(4, axis);
        long first = bit(0, axis) && !single ? step > 0 ? 0 : shape[axis] - 1 : inside(0, axis);
        long open = step > 0 ? shape[axis] : -1;
        long end = bit(2, axis) ? open : step > 0 ? Math.min(inside(1, axis), shape[axis]) : inside(1, axis);
        long side = single ? 1 : step == 0 ? 0 : (end - first + step - Long.signum(step)) / step;
        long last = first + (side - 1) * step;
        if (side < 1 || Math.min(first, last) < 0 || Math.max(first, last) >= shape[axis]) {
            throw Op.error(
                    source,
                    "found " + argument(0, axis) + ":" + argument(1, axis) + ":" + step + " on axis " + axis
                            + ", expected elements of 0 to " + (shape[axis] - 1));
        }
        offset += (int) first * strides[axis];
        strides[axis] *= (int) step;
        sides[axis] = (int) side;
        if (!single) {
            kept.add((int) side);
        }
    }
}
