package io.etastar.tensor.cuda;

import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;

/** The structs of {@code common.cuh}: strides of operands, with neighbouring axes merged, and geometry of windows. */
final class Strides {
    private static final int MAX_RANK = 8;

    private final int[] struct = new int[1 + 3 * MAX_RANK];

    private int rank() {
        return struct[0];
    }

    /** Puts an axis behind the others, or merges it with the last one where both operands lie alike. */
    private void add(int side, int left, int right) {
        if (side == 1) {
            return;
        }
        int last = rank();
        if (last > 0 && struct[MAX_RANK + last] == left * side && struct[2 * MAX_RANK + last] == right * side) {
            struct[last] *= side;
        } else {
            if (last == MAX_RANK) {
                throw new IllegalArgumentException("more than " + MAX_RANK + " axes that cannot be merged");
            }
            struct[0] = ++last;
            struct[last] = side;
        }
        struct[MAX_RANK + last] = left;
        struct[2 * MAX_RANK + last] = right;
    }

    /** Axes of {@code out}, to which {@code left} and {@code right} are broadcast, aligned at the end. */
    static int[] broadcast(Tensor left, Tensor right, Tensor out) {
        Strides strides = new Strides();
        int[] shape = out.shape();
        int[] ofLeft = repeated(left.shape(), shape);
        int[] ofRight = repeated(right.shape(), shape);
        for (int axis = 0; axis < shape.length; axis++) {
            strides.add(shape[axis], ofLeft[axis], ofRight[axis]);
        }
        return strides.struct;
    }

    /** Strides of an operand along the axes of a result; 0 where it is repeated. */
    private static int[] repeated(int[] operand, int... result) {
        int[] strides = new int[result.length];
        int step = 1;
        for (int axis = operand.length - 1; axis >= 0; axis--) {
            strides[axis + result.length - operand.length] = operand[axis] == 1 ? 0 : step;
            step *= operand[axis];
        }
        return strides;
    }

    /** Those axes of a row-major tensor that are among {@code axes}, or those that are not. */
    static int[] some(int[] shape, boolean among, int... axes) {
        Strides strides = new Strides();
        int[] steps = repeated(shape, shape);
        for (int axis = 0; axis < shape.length; axis++) {
            int wanted = axis;
            if (java.util.Arrays.stream(axes).anyMatch(a -> a == wanted) == among) {
                strides.add(shape[axis], steps[axis], 0);
            }
        }
        return strides.struct;
    }

    /** The struct {@code Windows} over images of this height and width. */
    static int[] windows(Window window, int height, int width) {
        return new int[] {
            height,
            width,
            window.outputSide(0, height),
            window.outputSide(1, width),
            window.kernel()[0],
            window.kernel()[1],
            window.stride()[0],
            window.stride()[1],
            window.dilation()[0],
            window.dilation()[1],
            -window.before(0, height),
            -window.before(1, width)
        };
    }
}
