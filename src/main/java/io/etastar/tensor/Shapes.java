package io.etastar.tensor;

import java.util.Arrays;

/** Arithmetic on shapes. */
public final class Shapes {
    private Shapes() {}

    /**
     * Number of elements; 1 for a scalar.
     *
     * @throws ArithmeticException if it exceeds an int
     */
    public static int length(int... shape) {
        int length = 1;
        for (int side : shape) {
            length = Math.multiplyExact(length, side);
        }
        return length;
    }

    /**
     * The shape of an elementwise operation after broadcasting: axes aligned at the end, sides equal or 1.
     *
     * @throws IllegalArgumentException if the shapes do not broadcast
     */
    public static int[] broadcast(int[] a, int[] b) {
        int rank = Math.max(a.length, b.length);
        int[] out = new int[rank];
        for (int i = 0; i < rank; i++) {
            int left = side(a, i - rank + a.length);
            int right = side(b, i - rank + b.length);
            if (left != right && left != 1 && right != 1) {
                throw new IllegalArgumentException(
                        "shapes " + Arrays.toString(a) + " and " + Arrays.toString(b) + " do not broadcast");
            }
            out[i] = left == 1 ? right : left;
        }
        return out;
    }

    /** Axes of {@code to} along which {@code from} is repeated. */
    public static int[] repeatedAxes(int[] from, int[] to) {
        int[] axes = new int[to.length];
        int count = 0;
        for (int i = 0; i < to.length; i++) {
            if (side(from, i - to.length + from.length) == 1 && to[i] != 1) {
                axes[count++] = i;
            }
        }
        return Arrays.copyOf(axes, count);
    }

    /** {@code shape} behind a leading axis of {@code first} entries. */
    public static int[] stacked(int first, int... shape) {
        int[] out = new int[shape.length + 1];
        out[0] = first;
        System.arraycopy(shape, 0, out, 1, shape.length);
        return out;
    }

    /** {@code shape} with its first axis multiplied by {@code times}: a stack of batches as one longer batch. */
    public static int[] longer(int times, int... shape) {
        int[] out = shape.clone();
        out[0] *= times;
        return out;
    }

    /** {@code shape} with ones in front, up to {@code rank} axes. */
    public static int[] padded(int rank, int... shape) {
        int[] out = new int[rank];
        Arrays.fill(out, 1);
        System.arraycopy(shape, 0, out, rank - shape.length, shape.length);
        return out;
    }

    private static int side(int[] shape, int axis) {
        return axis < 0 ? 1 : shape[axis];
    }
}
