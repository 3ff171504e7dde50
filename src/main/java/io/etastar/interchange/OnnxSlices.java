package io.etastar.interchange;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/** Parts of arrays at constant positions. */
final class OnnxSlices {
    /** Behind the end of any axis. */
    private static final long END = Long.MAX_VALUE;

    /** Integers of a strided slice before its positions: begin, ellipsis, end, new axis, shrink. */
    private static final int MASKS = 5;

    private OnnxSlices() {}

    static void add(Map<String, OnnxOp.Translation> ops) {
        ops.put("slice", OnnxSlices::slice);
        ops.put("strided_slice", OnnxSlices::strided);
        ops.put("split", OnnxSlices::split);
        ops.put("unstack", OnnxSlices::unstack);
        ops.put("reverse", OnnxSlices::reverse);
    }

    /** Integers are all begins, then all sizes, -1 for what is left. */
    private static String slice(OnnxOp op) {
        int rank = op.rank(0);
        long[] ends = new long[rank];
        for (int i = 0; i < rank; i++) {
            long size = op.integer(rank + i, -1);
            ends[i] = size < 0 || op.integer(i, 0) + size == 0 ? END : op.integer(i, 0) + size;
        }
        long[] begins = Arrays.copyOf(op.source().integers(), rank);
        return op.add("Slice", op.in(0), op.graph().integers(begins), op.graph().integers(ends));
    }

    /** Five masks, then begins, ends and steps of the first axes. */
    private static String strided(OnnxOp op) {
        if (op.integer(1, 0) != 0 || op.integer(3, 0) != 0) {
            throw op.error("found an ellipsis or a new axis, expected begins, ends and steps alone");
        }
        int named = (op.source().integers().length - MASKS) / 3;
        long[] begins = Arrays.copyOfRange(op.source().integers(), MASKS, MASKS + named);
        long[] ends = Arrays.copyOfRange(op.source().integers(), MASKS + named, MASKS + 2 * named);
        long[] steps = Arrays.copyOfRange(op.source().integers(), MASKS + 2 * named, MASKS + 3 * named);
        for (int i = 0; i < named; i++) {
            if (bit(op, 4, i)) {
                steps[i] = 1;
                ends[i] = begins[i] == -1 ? END : begins[i] + 1;
                continue;
            }
            begins[i] = bit(op, 0, i) ? steps[i] > 0 ? 0 : END : begins[i];
            ends[i] = bit(op, 2, i) ? steps[i] > 0 ? END : -END : ends[i];
        }
        String piece = sliced(
                op, begins, ends, IntStream.range(0, named).asLongStream().toArray(), steps);
        long[] dropped = IntStream.range(0, named)
                .filter(i -> bit(op, 4, i))
                .asLongStream()
                .toArray();
        return dropped.length == 0 ? piece : op.add("Squeeze", piece, op.graph().integers(dropped));
    }

    private static boolean bit(OnnxOp op, int mask, int axis) {
        return (op.integer(mask, 0) >> axis & 1) == 1;
    }

    private static String sliced(OnnxOp op, long[] begins, long[] ends, long[] axes, long[] steps) {
        OnnxGraph graph = op.graph();
        return op.add(
                "Slice",
                op.in(0),
                graph.integers(begins),
                graph.integers(ends),
                graph.integers(axes),
                graph.integers(steps));
    }

    private static String piece(OnnxOp op, long axis, long from, long to) {
        return sliced(op, new long[] {from}, new long[] {to}, new long[] {axis}, new long[] {1});
    }

    private static String split(OnnxOp op) {
        long axis = op.axis(op.integer(1, 0));
        long side = op.shape(0)[(int) axis] / op.integer(0, 1);
        return piece(op, axis, op.outputIndex() * side, (op.outputIndex() + 1) * side);
    }

    private static String unstack(OnnxOp op) {
        long axis = op.axis(op.integer(0, 0));
        String piece = piece(op, axis, op.outputIndex(), op.outputIndex() + 1L);
        return op.add("Squeeze", piece, op.graph().integers(axis));
    }

    private static String reverse(OnnxOp op) {
        long[] axes = Arrays.stream(op.source().integers()).map(op::axis).toArray();
        return sliced(op, filled(axes.length, -1), filled(axes.length, -END), axes, filled(axes.length, -1));
    }

    private static long[] filled(int length, long value) {
        long[] values = new long[length];
        Arrays.fill(values, value);
        return values;
    }
}
