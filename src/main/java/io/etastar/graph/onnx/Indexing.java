package io.etastar.graph.onnx;

import static io.etastar.graph.onnx.Translations.single;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;

/** Parts of arrays by their positions, and rows of tables by indices that are data. */
final class Indexing {
    private Indexing() {}

    static void add(Map<String, Translation> ops) {
        single(ops, "Slice", Indexing::slice);
        single(ops, "Gather", Indexing::gather);
        single(ops, "GatherND", Indexing::gatherPoints);
        single(ops, "GatherElements", Indexing::gatherElements);
        single(ops, "Trilu", Indexing::triangle);
        single(ops, "OneHot", Indexing::oneHot);
        single(ops, "ScatterND", Indexing::scatter);
    }

    private static Value slice(OnnxNode n, Building b) {
        Value result = n.in(0);
        int rank = result.rank();
        long[] starts = required(n, 1, "starts");
        long[] ends = required(n, 2, "ends");
        long[] axes = n.numbers(3, "axes");
        long[] steps = n.has(4) ? n.constant(4).longs() : null;
        for (int i = 0; i < starts.length; i++) {
            int axis = axes == null ? i : Sides.axis(axes[i], rank);
            long step = steps == null ? 1 : steps[i];
            long side = result.side(axis);
            long first = clamped(starts[i], side, 0, step > 0 ? side : side - 1);
            long last =
                    Sides.ofBatch(side) && first == 0 && step == 1 ? b.batch().side(n, ends[i]) : ends[i];
            long end = clamped(last, side, step > 0 ? 0 : -1, step > 0 ? side : side - 1);
            long count = Math.max(0, (end - first + step - Long.signum(step)) / step);
            result = b.sliced(result, axis, first, step, count);
        }
        return result;
    }

    private static long clamped(long at, long side, long least, long most) {
        // The far ends are given as the largest and smallest numbers there are.
        long found = at < 0 ? Math.max(at, Long.MIN_VALUE / 2) + side : at;
        return Math.max(least, Math.min(most, found));
    }

    private static long[] required(OnnxNode n, int i, String attribute) {
        long[] numbers = n.numbers(i, attribute);
        if (numbers == null) {
            throw n.error("no " + attribute, "a list of them");
        }
        return numbers;
    }

    private static Value gather(OnnxNode n, Building b) {
        Value x = n.in(0);
        Value indices = n.in(1);
        int axis = n.axis("axis", 0, x.rank());
        Constant known = indices.constant();
        if (known == null) {
            return rows(n, b, x, indices, axis);
        }
        long[] positions = known.longs();
        long side = x.side(axis);
        Value taken =
                b.taken(x, axis, positions.length, i -> (int) (positions[i] < 0 ? positions[i] + side : positions[i]));
        long[] shape = new long[x.rank() - 1 + indices.rank()];
        System.arraycopy(x.shape(), 0, shape, 0, axis);
        System.arraycopy(indices.shape(), 0, shape, axis, indices.rank());
        System.arraycopy(x.shape(), axis + 1, shape, axis + indices.rank(), x.rank() - 1 - axis);
        if (known.repeatsAlongBatch()) {
            return b.expanded(b.reshaped(taken, replaced(shape, axis, known.stored())), shape);
        }
        return b.reshaped(taken, shape);
    }

    private static long[] replaced(long[] shape, int at, long... sides) {
        long[] changed = shape.clone();
        System.arraycopy(sides, 0, changed, at, sides.length);
        return changed;
    }

    /** Parts of a table, which parameters or constants make up, at indices that are data. */
    private static Value rows(OnnxNode n, Building b, Value x, Value indices, int axis) {
        if (Sides.batchAxis(x.shape()) >= 0) {
            throw n.error(
                    "indices that depend on the data, on axis " + axis + " of " + Sides.text(x.shape()),
                    "a table of parameters or constants");
        }
        Value table = b.transposed(x, moved(x.rank(), axis, 0));
        SDVariable picks = b.variable(indices);
        SDVariable whole = picks.dataType() == DataType.INT ? picks : picks.castTo(DataType.INT);
        long[] shape = new long[indices.rank() + table.rank() - 1];
        System.arraycopy(indices.shape(), 0, shape, 0, indices.rank());
        System.arraycopy(table.shape(), 1, shape, indices.rank(), table.rank() - 1);
        Value found = Value.of(b.graph().gather(b.variable(table), whole, 0), table.whole(), shape);
        for (int i = 0; i < indices.rank(); i++) {
            found = b.transposed(found, moved(shape.length, 0, axis + indices.rank() - 1));
        }
        return found;
    }

    /** The order of axes in which one of them stands at another place, the others as they were. */
    private static int[] moved(int rank, int from, int to) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            order.add(i);
        }
        order.add(to, order.remove(from));
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Points of the first axes by known indices [..., axes]. */
    private static Value gatherPoints(OnnxNode n, Building b) {
        Value x = n.in(0);
        Constant indices = n.constant(1);
        int depth = Math.toIntExact(indices.shape()[indices.shape().length - 1]);
        if (n.integer("batch_dims", 0) != 0 || indices.repeatsAlongBatch()) {
            throw n.error("indices of each row of the batch", "the same for all, without batch_dims");
        }
        int count = indices.values().length / depth;
        int[] places = new int[count];
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < depth; k++) {
                long index = (long) indices.values()[i * depth + k];
                places[i] = (int) (places[i] * x.side(k) + (index < 0 ? index + x.side(k) : index));
            }
        }
        long[] rest = Arrays.copyOfRange(x.shape(), depth, x.rank());
        long front = Sides.length(Arrays.copyOf(x.shape(), depth));
        Value taken = b.taken(b.reshaped(x, Sides.inserted(rest, 0, front)), 0, count, i -> places[i]);
        long[] shape = Arrays.copyOf(indices.shape(), indices.shape().length - 1 + rest.length);
        System.arraycopy(rest, 0, shape, indices.shape().length - 1, rest.length);
        return b.reshaped(taken, shape);
    }

    /** Known indices that are the same on all other axes, as exporters write a choice of columns. */
    private static Value gatherElements(OnnxNode n, Building b) {
        Value x = n.in(0);
        int axis = n.axis("axis", 0, x.rank());
        Constant indices = n.constant(1);
        long[] shape = indices.shape();
        int side = Math.toIntExact(shape[axis]);
        int inner = Math.toIntExact(Sides.length(Arrays.copyOfRange(indices.stored(), axis + 1, shape.length)));
        double[] line = new double[side];
        for (int i = 0; i < indices.values().length; i++) {
            int at = i / inner % side;
            if (i >= side * inner && indices.values()[i] != line[at]
                    || i / inner < side && i % inner != 0 && indices.values()[i] != line[at]) {
                throw n.error("indices that differ between rows", "the same for all");
            }
            line[at] = indices.values()[i];
        }
        for (int i = 0; i < shape.length; i++) {
            if (i != axis && shape[i] != x.side(i)) {
                throw n.error("indices of shape " + Sides.text(shape), "the sides of " + Sides.text(x.shape()));
            }
        }
        return b.taken(x, axis, side, i -> (int) (line[i] < 0 ? line[i] + x.side(axis) : line[i]));
    }

    /** The upper or lower triangle of the last two axes, times 0 elsewhere. */
    private static Value triangle(OnnxNode n, Building b) {
        Value x = n.in(0);
        int rows = Sides.ofRow(x.side(x.rank() - 2));
        int columns = Sides.ofRow(x.side(x.rank() - 1));
        long shift = n.has(1) ? (long) n.constant(1).single() : 0;
        boolean upper = n.flag("upper", true);
        double[] mask = new double[rows * columns];
        for (int i = 0; i < mask.length; i++) {
            long ahead = i % columns - i / columns - shift;
            mask[i] = (upper ? ahead >= 0 : ahead <= 0) ? 1 : 0;
        }
        Value kept = Value.of(Constant.of(true, new long[] {rows, columns}, mask));
        return b.chosen(kept, x, Value.of(Constant.number(0, x.whole())));
    }

    private static Value oneHot(OnnxNode n, Building b) {
        int depth = (int) n.constant(1).single();
        Constant values = n.constant(2);
        int rank = n.in(0).rank() + 1;
        int axis = n.axis("axis", -1, rank);
        long[] line = new long[rank];
        Arrays.fill(line, 1);
        line[axis] = depth;
        double[] places = new double[depth];
        Arrays.setAll(places, i -> i);
        Value index = b.reshaped(n.in(0), Sides.inserted(n.in(0).shape(), axis, 1));
        Value hot = b.add(equal(b, index, Constant.of(true, line, places)), equal(b, index, below(line, places)));
        Value off = Value.of(Constant.number(values.values()[0], values.whole()));
        return b.add(b.multiply(hot, values.values()[1] - values.values()[0]), off);
    }

    /** The same places counted from the end. */
    private static Constant below(long[] shape, double... places) {
        return Constant.of(true, shape, places).map(place -> place - places.length, true);
    }

    private static Value equal(Building b, Value x, Constant y) {
        return b.subtract(Value.of(Constant.number(1, true)), b.nonZero(b.subtract(x, Value.of(y))));
    }

    /** Known updates of a known array, as writes to slices of buffers are exported. */
    private static Value scatter(OnnxNode n, Building b) {
        n.word("reduction", "none");
        Constant x = n.constant(0);
        Constant indices = n.constant(1);
        Constant updates = n.constant(2);
        if (x.repeatsAlongBatch() || indices.repeatsAlongBatch() || updates.repeatsAlongBatch()) {
            throw n.error("rows of the batch written one by one", "an array without the batch");
        }
        double[] values = x.values().clone();
        int depth = (int) indices.shape()[indices.shape().length - 1];
        int count = indices.values().length / depth;
        int block = updates.values().length / Math.max(1, count);
        for (int i = 0; i < count; i++) {
            int at = 0;
            for (int k = 0; k < depth; k++) {
                long index = (long) indices.values()[i * depth + k];
                at = (int) (at * x.shape()[k] + (index < 0 ? index + x.shape()[k] : index));
            }
            System.arraycopy(updates.values(), i * block, values, at * block, block);
        }
        return Value.of(Constant.of(x.whole(), x.shape(), values));
    }
}
