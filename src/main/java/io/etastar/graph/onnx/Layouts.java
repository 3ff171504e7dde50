package io.etastar.graph.onnx;

import static io.etastar.graph.onnx.Translations.single;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Ops that give elements another place or shape. */
final class Layouts {
    private Layouts() {}

    static void add(Map<String, Translation> ops) {
        single(ops, "Reshape", Layouts::reshape);
        single(ops, "Flatten", Layouts::flatten);
        single(ops, "Squeeze", Layouts::squeeze);
        single(ops, "Unsqueeze", Layouts::unsqueeze);
        single(ops, "Transpose", Layouts::transpose);
        single(ops, "Concat", (n, b) -> b.joined(n.axis("axis", 0, n.in(0).rank()), n.in()));
        ops.put("Split", (n, b) -> split(n, b, n.proto().getOutputCount()));
        sequences(ops);
        single(ops, "Expand", Layouts::expand);
        single(ops, "Tile", Layouts::tile);
        single(ops, "Pad", Layouts::pad);
        single(ops, "DepthToSpace", Layouts::depthToSpace);
        single(ops, "SpaceToDepth", Layouts::spaceToDepth);
    }

    /** 0 is the input's side unless the node allows it for itself, -1 what is left. */
    private static Value reshape(OnnxNode n, Building b) {
        Value x = n.in(0);
        n.passOver("allowzero");
        long[] target = n.constant(1).longs();
        for (int i = 0; i < target.length; i++) {
            if (target[i] == 0 && !n.flag("allowzero", false)) {
                target[i] = x.side(i);
            }
        }
        long[] shape = closed(b.batch().reshaped(n, x.shape(), target), Sides.length(x.shape()));
        if (Sides.batchAxis(x.shape()) >= 0 && Sides.length(x.shape()) != Sides.length(shape)) {
            throw n.error(
                    Sides.text(x.shape()) + " as " + Sides.text(target),
                    b.batch().expected());
        }
        return b.reshaped(x, shape);
    }

    /** A shape with what is left of a number of elements in place of -1. */
    private static long[] closed(long[] shape, long length) {
        long known = Arrays.stream(shape).filter(side -> side != -1).reduce(1, Math::multiplyExact);
        return Arrays.stream(shape)
                .map(side -> side != -1 ? side : known == 0 ? 0 : length / known)
                .toArray();
    }

    private static Value expand(OnnxNode n, Building b) {
        return b.expanded(
                n.in(0), b.batch().expanded(n, n.in(0).shape(), n.constant(1).longs()));
    }

    private static Value flatten(OnnxNode n, Building b) {
        Value x = n.in(0);
        long given = n.integer("axis", 1);
        int axis = (int) (given < 0 ? given + x.rank() : given);
        long front = Sides.length(Arrays.copyOf(x.shape(), axis));
        return b.reshaped(x, front, Sides.length(x.shape()) / front);
    }

    private static Value squeeze(OnnxNode n, Building b) {
        Value x = n.in(0);
        long[] named = n.numbers(1, "axes");
        boolean[] gone = new boolean[x.rank()];
        for (int i = 0; i < gone.length; i++) {
            gone[i] = named == null && x.side(i) == 1;
        }
        for (long axis : named == null ? new long[0] : named) {
            gone[Sides.axis(axis, x.rank())] = true;
        }
        return b.reshaped(
                x,
                IntStream.range(0, x.rank())
                        .filter(i -> !gone[i])
                        .mapToLong(x::side)
                        .toArray());
    }

    private static Value unsqueeze(OnnxNode n, Building b) {
        Value x = n.in(0);
        long[] named = n.numbers(1, "axes");
        if (named == null) {
            throw n.error("no axes", "the axes to insert");
        }
        int rank = x.rank() + named.length;
        long[] shape = x.shape();
        for (int axis :
                Arrays.stream(named).mapToInt(a -> Sides.axis(a, rank)).sorted().toArray()) {
            shape = Sides.inserted(shape, axis, 1);
        }
        return b.reshaped(x, shape);
    }

    private static Value transpose(OnnxNode n, Building b) {
        int rank = n.in(0).rank();
        int[] order =
                Arrays.stream(n.integers("perm")).mapToInt(Math::toIntExact).toArray();
        if (order.length != 0 && order.length != rank) {
            throw n.error("perm " + Arrays.toString(order), rank + " axes");
        }
        int[] reversed = IntStream.range(0, rank).map(i -> rank - 1 - i).toArray();
        return b.transposed(n.in(0), order.length == 0 ? reversed : order);
    }

    private static void sequences(Map<String, Translation> ops) {
        single(ops, "SequenceConstruct", (n, b) -> Value.sequence(n.in()));
        single(ops, "SequenceAt", (n, b) -> {
            List<Value> parts = n.in(0).parts();
            return parts.get(Sides.axis((long) n.constant(1).single(), parts.size()));
        });
        single(
                ops,
                "SequenceLength",
                (n, b) -> Value.of(Constant.number(n.in(0).parts().size(), true)));
        single(ops, "ConcatFromSequence", (n, b) -> {
            List<Value> parts = n.in(0).parts();
            boolean stacked = n.flag("new_axis", false);
            int axis = n.axis("axis", 0, parts.get(0).rank() + (stacked ? 1 : 0));
            List<Value> joined = stacked
                    ? parts.stream()
                            .map(part -> b.reshaped(part, Sides.inserted(part.shape(), axis, 1)))
                            .toList()
                    : parts;
            return b.joined(axis, joined);
        });
        single(ops, "SplitToSequence", Layouts::splitToSequence);
    }

    /** Pieces of one element without their axis unless the node keeps it, of a number of elements, or of these numbers of them. */
    private static Value splitToSequence(OnnxNode n, Building b) {
        Value x = n.in(0);
        int axis = n.axis("axis", 0, x.rank());
        long side = x.side(axis);
        long[] sides = n.has(1) ? n.constant(1).longs() : new long[] {1};
        if (!n.has(1) || n.constant(1).shape().length == 0) {
            long each = sides[0];
            sides = new long[Math.toIntExact((side + each - 1) / each)];
            Arrays.fill(sides, each);
            sides[sides.length - 1] = side - each * (sides.length - 1);
        }
        List<Value> parts = pieces(b, x, axis, sides);
        boolean drops = !n.flag("keepdims", true) && !n.has(1);
        return Value.sequence(
                drops
                        ? parts.stream()
                                .map(part -> b.reshaped(part, Sides.without(part.shape(), axis)))
                                .toList()
                        : parts);
    }

    private static List<Value> pieces(Building b, Value x, int axis, long... sides) {
        List<Value> parts = new ArrayList<>();
        long before = 0;
        if (Arrays.stream(sides).sum() != x.side(axis)) {
            throw new IllegalArgumentException("parts of " + Arrays.toString(sides) + " of " + x.side(axis));
        }
        for (long side : sides) {
            parts.add(b.sliced(x, axis, before, 1, side));
            before += side;
        }
        return parts;
    }

    private static List<@Nullable Value> split(OnnxNode n, Building b, int count) {
        Value x = n.in(0);
        int axis = n.axis("axis", 0, x.rank());
        if (n.integer("num_outputs", count) != count) {
            throw n.error("num_outputs " + n.integer("num_outputs", count), "as many as there are, " + count);
        }
        long[] sides = n.numbers(1, "split");
        if (sides == null) {
            long each = (x.side(axis) + count - 1) / count;
            sides = new long[count];
            Arrays.fill(sides, each);
            sides[count - 1] = x.side(axis) - each * (count - 1);
        }
        return new ArrayList<>(pieces(b, x, axis, sides));
    }

    private static Value tile(OnnxNode n, Building b) {
        Value x = n.in(0);
        long[] times = n.constant(1).longs();
        if (times.length == x.rank() && Sides.batchAxis(b.batch().expanded(n, x.shape(), times)) == 0) {
            times[0] = 1;
            x = b.expanded(x, Sides.with(x.shape(), 0, Sides.BATCH));
        }
        Value result = x;
        for (int axis = 0; axis < times.length; axis++) {
            if (times[axis] != 1) {
                // [.., 1, side, ..] repeated and joined.
                Value apart = b.reshaped(result, Sides.inserted(result.shape(), axis, 1));
                Value repeated = b.expanded(apart, Sides.with(apart.shape(), axis, times[axis]));
                result = b.reshaped(repeated, Sides.with(result.shape(), axis, result.side(axis) * times[axis]));
            }
        }
        return result;
    }

    private static Value pad(OnnxNode n, Building b) {
        Value x = n.in(0);
        long[] pads = n.numbers(1, "pads");
        if (pads == null) {
            throw n.error("no pads", "margins of each axis");
        }
        int rank = x.rank();
        long[] axes = n.has(3) ? n.constant(3).longs() : LongRange.of(rank);
        long[] before = new long[rank];
        long[] after = new long[rank];
        for (int i = 0; i < axes.length; i++) {
            before[Sides.axis(axes[i], rank)] = pads[i];
            after[Sides.axis(axes[i], rank)] = pads[axes.length + i];
        }
        String mode = n.word("mode", "constant", "reflect", "edge", "wrap");
        Value inner = x;
        for (int i = 0; i < rank; i++) {
            long cut = Math.max(0, -before[i]);
            inner = b.sliced(inner, i, cut, 1, inner.side(i) - cut - Math.max(0, -after[i]));
            before[i] = Math.max(0, before[i]);
            after[i] = Math.max(0, after[i]);
        }
        double number = n.has(2) ? n.constant(2).single() : n.real("value", 0);
        if (mode.equals("constant")) {
            return around(b, inner, number, before, after);
        }
        Value result = inner;
        for (int i = 0; i < rank; i++) {
            result = mirrored(b, result, i, (int) before[i], (int) after[i], mode);
        }
        return result;
    }

    /** A number around: zeros, and what is 0 inside and the number outside added to them. */
    private static Value around(Building b, Value x, double number, long[] before, long... after) {
        Constant constant = x.constant();
        if (constant != null && !constant.repeatsAlongBatch()) {
            return Value.of(constant.among(number, before, after));
        }
        Value padded = b.padded(x, before, after);
        if (number == 0) {
            return padded;
        }
        long[] inside = new long[x.rank()];
        for (int i = 0; i < inside.length; i++) {
            inside[i] = before[i] + after[i] == 0 ? 1 : x.side(i);
        }
        Constant zeros = Constant.number(0, false).expanded(inside);
        return b.add(padded, Value.of(zeros.among(number, before, after)));
    }

    /** Elements of the axis itself around: reflect leaves out the end, edge repeats it, wrap goes on at the other end. */
    private static Value mirrored(Building b, Value x, int axis, int before, int after, String mode) {
        if (before == 0 && after == 0) {
            return x;
        }
        int side = Math.toIntExact(x.side(axis));
        return b.taken(x, axis, before + side + after, i -> {
            int at = i - before;
            return switch (mode) {
                case "reflect" -> side == 1 ? 0 : reflected(at, side);
                case "edge" -> Math.max(0, Math.min(side - 1, at));
                case "wrap" -> Math.floorMod(at, side);
                default -> throw new IllegalArgumentException("mode " + mode);
            };
        });
    }

    private static int reflected(int at, int side) {
        int around = Math.floorMod(at, 2 * side - 2);
        return around < side ? around : 2 * side - 2 - around;
    }

    /** Blocks of channels as blocks of pixels. */
    private static Value depthToSpace(OnnxNode n, Building b) {
        Value x = n.in(0);
        long block = n.integer("blocksize", 1);
        long channels = x.side(1) / (block * block);
        boolean columnsFirst = n.word("mode", "DCR", "CRD").equals("CRD");
        long[] apart = columnsFirst
                ? new long[] {x.side(0), channels, block, block, x.side(2), x.side(3)}
                : new long[] {x.side(0), block, block, channels, x.side(2), x.side(3)};
        int[] order = columnsFirst ? new int[] {0, 1, 4, 2, 5, 3} : new int[] {0, 3, 4, 1, 5, 2};
        Value moved = b.transposed(b.reshaped(x, apart), order);
        return b.reshaped(moved, x.side(0), channels, x.side(2) * block, x.side(3) * block);
    }

    /** Blocks of pixels as blocks of channels. */
    private static Value spaceToDepth(OnnxNode n, Building b) {
        Value x = n.in(0);
        long block = n.integer("blocksize", 1);
        long rows = x.side(2) / block;
        long columns = x.side(3) / block;
        Value apart = b.reshaped(x, x.side(0), x.side(1), rows, block, columns, block);
        boolean channelsFirst = n.word("mode", "DCR", "CRD").equals("CRD");
        Value moved = channelsFirst ? b.transposed(apart, 0, 1, 3, 5, 2, 4) : b.transposed(apart, 0, 3, 5, 1, 2, 4);
        return b.reshaped(moved, x.side(0), x.side(1) * block * block, rows, columns);
    }

    /** 0, 1, ... as long numbers. */
    private interface LongRange {
        static long[] of(int count) {
            return Arrays.stream(Sides.range(count)).asLongStream().toArray();
        }
    }
}
