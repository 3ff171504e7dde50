package io.etastar.graph.onnx;

import java.util.Arrays;
import java.util.List;

/** Arithmetic on the shapes of a network while its file is read. */
final class Sides {
    /**
     * Rows of a batch, standing for any number of them. It is a large prime, so that it divides a side, or a product of sides, only
     * where the batch is a factor of it.
     */
    static final long BATCH = 1_000_003;

    private Sides() {}

    /** Whether a side grows with the batch. */
    static boolean ofBatch(long side) {
        return side != 0 && side % BATCH == 0;
    }

    /** A side that is the same for any batch. */
    static int ofRow(long side) {
        if (ofBatch(side)) {
            throw new IllegalArgumentException("the axis of the batch");
        }
        return Math.toIntExact(side);
    }

    /** The axis that grows with the batch, or -1. */
    static int batchAxis(long... shape) {
        for (int i = 0; i < shape.length; i++) {
            if (ofBatch(shape[i])) {
                return i;
            }
        }
        return -1;
    }

    /** Number of elements; 1 for a scalar. */
    static long length(long... shape) {
        long length = 1;
        for (long side : shape) {
            length = Math.multiplyExact(length, side);
        }
        return length;
    }

    /** An axis counted from the end if it is negative. */
    static int axis(long axis, int rank) {
        long found = axis < 0 ? axis + rank : axis;
        if (found < 0 || found >= Math.max(1, rank)) {
            throw new IllegalArgumentException("axis " + axis + " of " + rank + " axes");
        }
        return (int) found;
    }

    /** {@code shape} with ones in front, up to {@code rank} axes. */
    static long[] padded(int rank, long... shape) {
        long[] longer = new long[Math.max(rank, shape.length)];
        Arrays.fill(longer, 1);
        System.arraycopy(shape, 0, longer, longer.length - shape.length, shape.length);
        return longer;
    }

    /** The shape of an elementwise operation after broadcasting. */
    static long[] broadcast(long[] a, long[] b) {
        int rank = Math.max(a.length, b.length);
        long[] left = padded(rank, a);
        long[] right = padded(rank, b);
        long[] out = new long[rank];
        for (int i = 0; i < rank; i++) {
            if (left[i] != right[i] && left[i] != 1 && right[i] != 1) {
                throw new IllegalArgumentException("shapes " + text(a) + " and " + text(b) + " do not broadcast");
            }
            out[i] = left[i] == 1 ? right[i] : left[i];
        }
        return out;
    }

    /** Row-major steps, 0 along sides of 1. */
    static int[] strides(long... shape) {
        int[] strides = new int[shape.length];
        int step = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = shape[i] == 1 ? 0 : step;
            step = Math.toIntExact(step * shape[i]);
        }
        return strides;
    }

    /** A copy with another side. */
    static long[] with(long[] shape, int axis, long side) {
        long[] changed = shape.clone();
        changed[axis] = side;
        return changed;
    }

    /** A copy with one more axis. */
    static long[] inserted(long[] shape, int axis, long side) {
        long[] longer = new long[shape.length + 1];
        for (int i = 0; i < longer.length; i++) {
            longer[i] = i == axis ? side : shape[i < axis ? i : i - 1];
        }
        return longer;
    }

    /** A copy without an axis. */
    static long[] without(long[] shape, int axis) {
        long[] shorter = new long[shape.length - 1];
        for (int i = 0; i < shorter.length; i++) {
            shorter[i] = shape[i < axis ? i : i + 1];
        }
        return shorter;
    }

    /** Entries in another order. */
    static long[] permuted(long[] shape, int... order) {
        return Arrays.stream(order).mapToLong(i -> shape[i]).toArray();
    }

    /** 0, 1, ... */
    static int[] range(int count) {
        int[] range = new int[count];
        Arrays.setAll(range, i -> i);
        return range;
    }

    /** Refuses parts that have another shape than the first, but for one side. */
    static void requireAlike(int axis, List<Value> parts) {
        long[] first = parts.get(0).shape();
        for (Value part : parts) {
            if (part.rank() != first.length || !Arrays.equals(with(part.shape(), axis, first[axis]), first)) {
                throw new IllegalArgumentException(
                        text(first) + " and " + text(part.shape()) + " behind one another on axis " + axis);
            }
        }
    }

    /** A shape for messages, with N for the batch. */
    static String text(long... shape) {
        String[] sides = new String[shape.length];
        for (int i = 0; i < sides.length; i++) {
            long times = shape[i] / BATCH;
            sides[i] = !ofBatch(shape[i]) ? Long.toString(shape[i]) : times == 1 ? "N" : times + " N";
        }
        return "[" + String.join(", ", sides) + "]";
    }
}
