package io.etastar.taylor.composite;

import io.etastar.taylor.graph.Dropout;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.rule.indexing.Views;
import io.etastar.tensor.Shapes;
import java.util.Arrays;
import java.util.Set;

/** Ops that give elements another place or shape. */
public final class ArrayOps {
    /** Codes of floating-point types in ND4J: half, float, double, bfloat16. */
    private static final long[] FLOATING = {3, 5, 6, 17};

    private static final Set<String> INDEXED = Set.of("gather", "embedding_lookup");

    private ArrayOps() {}

    public static void reshape(Decomposer p) {
        if (p.source().inputs().size() > 1) {
            p.view(p.in(0), Arrays.stream(p.constant(1)).mapToInt(v -> (int) v).toArray());
        }
    }

    public static void expand(Decomposer p) {
        int rank = p.shape(0).length;
        int axis = Views.axis(p.source(), p.integer(0, 0), rank + 1);
        p.view(p.in(0), inserted(axis, p.shape(0)));
    }

    private static int[] inserted(int axis, int... shape) {
        int[] longer = new int[shape.length + 1];
        for (int i = 0; i < longer.length; i++) {
            longer[i] = i == axis ? 1 : shape[i < axis ? i : i - 1];
        }
        return longer;
    }

    public static void squeeze(Decomposer p) {
        boolean[] dropped = new boolean[p.shape(0).length];
        for (int i = 0; i < dropped.length; i++) {
            dropped[i] = p.source().integers().length == 0 && p.shape(0)[i] == 1;
        }
        for (long axis : p.source().integers()) {
            dropped[p.axis(axis)] = true;
        }
        int[] kept = Arrays.stream(Decomposer.range(dropped.length))
                .filter(i -> !dropped[i])
                .map(i -> p.shape(0)[i])
                .toArray();
        if (Shapes.length(kept) != Shapes.length(p.shape(0))) {
            throw Op.rank(p.source(), p.shape(0), "axes of length 1 where it squeezes");
        }
        p.view(p.in(0), kept);
    }

    /** Floating-point types are all the program's own; whole numbers can only be indices, which gather checks. */
    public static void cast(Decomposer p) {
        if (Arrays.stream(FLOATING).noneMatch(code -> code == p.integer(0, -1))) {
            if (!p.readBy(INDEXED)) {
                throw Op.error(
                        p.source(),
                        "found a cast to whole numbers, expected one to a floating-point type, or to indices of gather");
            }
            // Indices are whole numbers already.
            p.part("stop_gradient", p.in(0));
            return;
        }
        p.part("identity", p.in(0));
    }

    /** Each input among zeros, added up. */
    public static void concatenate(Decomposer p) {
        int inputs = p.source().inputs().size();
        int axis = p.axis(p.integer(0, 0));
        int total = 0;
        for (int i = 0; i < inputs; i++) {
            requireAlike(p, i, axis);
            total += p.shape(i)[axis];
        }
        String sum = null;
        int before = 0;
        for (int i = 0; i < inputs; i++) {
            String placed = place(p, p.in(i), axis, before, total - before - p.shape(i)[axis], p.shape(i).length);
            sum = sum == null ? placed : p.part("add", sum, placed);
            before += p.shape(i)[axis];
        }
    }

    private static void requireAlike(Decomposer p, int i, int axis) {
        int[] expected = p.shape(0).clone();
        if (p.shape(i).length == expected.length) {
            expected[axis] = p.shape(i)[axis];
        }
        if (!Arrays.equals(expected, p.shape(i))) {
            throw Op.rank(
                    p.source(),
                    p.shape(i),
                    "the first input's " + Arrays.toString(p.shape(0)) + " but for axis " + axis);
        }
    }

    private static String place(Decomposer p, String input, int axis, int before, int after, int rank) {
        long[] margins = new long[2 * rank];
        margins[2 * axis] = before;
        margins[2 * axis + 1] = after;
        return p.integers("place", margins, input);
    }

    public static void stack(Decomposer p) {
        int inputs = p.source().inputs().size();
        int axis = Views.axis(p.source(), p.integer(0, 0), p.shape(0).length + 1);
        String sum = null;
        for (int i = 0; i < inputs; i++) {
            requireAlike(p, i, 0);
            String longer = p.view(p.in(i), inserted(axis, p.shape(i)));
            String placed = place(p, longer, axis, i, inputs - 1 - i, p.shape(i).length + 1);
            sum = sum == null ? placed : p.part("add", sum, placed);
        }
    }

    public static void unstack(Decomposer p) {
        int axis = p.axis(p.integer(0, 0));
        String piece = piece(p, p.in(0), axis, p.outputIndex(), 1, p.shape(0));
        int[] rest = Arrays.stream(Decomposer.range(p.shape(0).length))
                .filter(i -> i != axis)
                .map(i -> p.shape(0)[i])
                .toArray();
        p.view(piece, rest);
    }

    /** Integers are the number of equal pieces and the axis. */
    public static void split(Decomposer p) {
        int axis = p.axis(p.integer(1, 0));
        int count = (int) p.integer(0, 1);
        if (p.shape(0)[axis] % count != 0) {
            throw Op.rank(p.source(), p.shape(0), "an axis " + axis + " that divides into " + count + " equal pieces");
        }
        int side = p.shape(0)[axis] / count;
        piece(p, p.in(0), axis, p.outputIndex() * side, side, p.shape(0));
    }

    private static String piece(Decomposer p, String input, int axis, int from, int side, int... shape) {
        long[] arguments = new long[2 * shape.length];
        for (int i = 0; i < shape.length; i++) {
            arguments[i] = i == axis ? from : 0;
            arguments[shape.length + i] = i == axis ? side : shape[i];
        }
        return p.integers("slice", arguments, input);
    }

    /** Zeros around; the margins are a constant [rank, 2]. */
    public static void pad(Decomposer p) {
        if (p.integer(0, 0) != 0 || p.scalar(0, 0) != 0) {
            throw Op.error(p.source(), "found another padding, expected zeros");
        }
        p.integers(
                "place", Arrays.stream(p.constant(1)).mapToLong(v -> (long) v).toArray(), p.in(0));
    }

    /** x times a mask that is {@link Dropout}'s. */
    public static void dropout(Decomposer p) {
        double keep = p.scalar(0, 1);
        if (!(keep > 0 && keep <= 1)) {
            throw Op.error(
                    p.source(),
                    "found probability " + keep + " of keeping an element, expected more than 0, at most 1");
        }
        long[] shape = Arrays.stream(p.shape(0)).asLongStream().toArray();
        String mask = p.integersAndScalars("dropout_mask", shape, keep);
        p.part("multiply", p.in(0), mask);
    }
}
