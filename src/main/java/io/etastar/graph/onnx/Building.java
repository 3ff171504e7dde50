package io.etastar.graph.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Ops on {@link Value}s: computed at once where all operands are known, added to the graph otherwise. Shapes are followed along, the
 * batch's side of them as an open one in the graph.
 */
final class Building {
    private static final int ALL_AXES_BITS = 31;

    private final SameDiff graph;
    private final DataType type;
    private final @Nullable Boolean batchStatistics;
    private final FixedBatch batch;
    private final Infinities infinities;
    private final Truths truths = new Truths();
    private @Nullable SDVariable zeroOfRow;

    /**
     * @param type of the graph's real numbers
     * @param batchStatistics whether batch normalisation takes the statistics of the batch; null for what each node says
     * @param batch how numbers of nodes are read that may be the batch
     */
    Building(SameDiff graph, DataType type, @Nullable Boolean batchStatistics, FixedBatch batch) {
        this.graph = graph;
        this.type = type;
        this.batchStatistics = batchStatistics;
        this.batch = batch;
        infinities = new Infinities(graph);
    }

    Truths truths() {
        return truths;
    }

    FixedBatch batch() {
        return batch;
    }

    Infinities infinities() {
        return infinities;
    }

    @Nullable
    Boolean batchStatistics() {
        return batchStatistics;
    }

    /** A name that no variable has yet. */
    String free(String wanted) {
        String name = wanted.replace(':', '.');
        while (graph.hasVariable(name)) {
            name = name + "_";
        }
        return name;
    }

    SameDiff graph() {
        return graph;
    }

    DataType type() {
        return type;
    }

    /** States a number of each row, [N], which constants are repeated along the batch by. */
    void numberOfRow(SDVariable number) {
        zeroOfRow = number.mul(0);
    }

    /**
     * The graph's variable of a value. A known one may keep sides of 1 where it repeats along the batch, and has large numbers in place of
     * infinities.
     */
    SDVariable variable(Value value) {
        Constant constant = finite(value).constant();
        if (constant == null) {
            return variableOf(value);
        }
        requireNoRows(constant);
        var array = Nd4j.createFromArray(constant.values()).reshape(constant.stored());
        SDVariable made = graph.constant(array.castTo(type));
        infinities.constant(made, constant);
        return made;
    }

    /** The number of rows, which shapes are followed with, is not known to the network. */
    private static void requireNoRows(Constant constant) {
        for (double value : constant.values()) {
            if (value != 0 && Math.abs(value) < Infinities.MOST && value % Sides.BATCH == 0) {
                throw new IllegalArgumentException("arithmetic with the number of rows of the batch");
            }
        }
    }

    private static SDVariable variableOf(Value value) {
        SDVariable variable = value.variable();
        if (variable == null) {
            throw new IllegalStateException();
        }
        return variable;
    }

    /** The graph's variable of a value in its full shape. */
    SDVariable full(Value value) {
        Constant constant = value.constant();
        if (constant == null || !constant.repeatsAlongBatch()) {
            return variable(value);
        }
        return variable(value).add(zeros(value.shape()));
    }

    /** 0 of a shape that only the batch has a side in, or a multiple of it. */
    private SDVariable zeros(long... shape) {
        if (zeroOfRow == null) {
            throw new IllegalArgumentException("rows of the batch before there are features");
        }
        int axis = Sides.batchAxis(shape);
        if (Sides.ofBatch(Sides.length(Sides.without(shape, axis)))) {
            throw new IllegalArgumentException("a constant repeated to " + Sides.text(shape));
        }
        long[] sides = new long[shape.length];
        Arrays.fill(sides, 1);
        sides[axis] = -1;
        int times = Math.toIntExact(shape[axis] / Sides.BATCH);
        return graph.reshape(times == 1 ? zeroOfRow : graph.tile(zeroOfRow, times), sides);
    }

    private static Value value(SDVariable variable, long... shape) {
        return Value.of(variable, false, shape);
    }

    /** f of each element; the graph's op if it is not known. */
    Value unary(Value x, DoubleUnaryOperator f, UnaryOperator<SDVariable> op) {
        Constant constant = x.constant();
        return constant != null ? Value.of(constant.map(f, false)) : value(op.apply(real(x)), x.shape());
    }

    /** A computed value as real numbers. */
    SDVariable real(Value x) {
        SDVariable variable = variable(x);
        return variable.dataType().isFPType() ? variable : variable.castTo(type);
    }

    /** An operator on two real values. */
    private interface Operator {
        SDVariable apply(SDVariable x, SDVariable y);
    }

    private Value binary(Value x, Value y, DoubleBinaryOperator f, Operator op) {
        Constant left = x.constant();
        Constant right = y.constant();
        boolean whole = wholes(x, y);
        if (left != null && right != null) {
            return Value.of(Constant.combine(left, right, whole, f));
        }
        return new Value(null, op.apply(real(x), real(y)), Sides.broadcast(x.shape(), y.shape()), whole);
    }

    private static boolean wholes(Value x, Value y) {
        return x.whole() && y.whole();
    }

    private Value withNumber(SDVariable result, double number, Value x) {
        infinities.number(result, number);
        return value(result, x.shape());
    }

    /** The one number of a known value whose broadcasting changes nothing; null if it is none. */
    private static @Nullable Double scalar(Value number, Value other) {
        Constant constant = number.constant();
        if (constant == null || other.known() || number.rank() > other.rank()) {
            return null;
        }
        boolean one = constant.values().length == 1 && !constant.repeatsAlongBatch();
        requireNoRows(constant);
        return one && Double.isFinite(constant.values()[0]) ? constant.values()[0] : null;
    }

    Value add(Value x, Value y) {
        Double right = scalar(y, x);
        if (right != null) {
            return (right == 0 ? x : withNumber(real(x).add(right), right, x)).whole(wholes(x, y));
        }
        if (scalar(x, y) != null) {
            return add(y, x);
        }
        Value sum = binary(x, y, Double::sum, SDVariable::add);
        infinities.sum(sum, x, y);
        return sum;
    }

    Value add(Value x, double number) {
        return add(x, Value.of(Constant.number(number, false)));
    }

    Value subtract(Value x, Value y) {
        Double right = scalar(y, x);
        Double left = scalar(x, y);
        if (right != null) {
            return add(x, Value.of(Constant.number(-right, y.whole())));
        }
        if (left != null) {
            return withNumber(real(y).rsub(left), left, y).whole(wholes(x, y));
        }
        return binary(x, y, (a, b) -> a - b, SDVariable::sub);
    }

    Value multiply(Value x, Value y) {
        if (isOne(y, x)) {
            return x.whole(wholes(x, y));
        }
        Double right = scalar(y, x);
        if (right != null) {
            return withNumber(real(x).mul(right), right, x).whole(wholes(x, y));
        }
        return scalar(x, y) != null ? multiply(y, x) : binary(x, y, (a, b) -> a * b, SDVariable::mul);
    }

    /** Whether a known value is 1 everywhere and changes no shape. */
    private static boolean isOne(Value y, Value x) {
        Constant constant = y.constant();
        return constant != null
                && constant.uniform()
                && constant.values()[0] == 1
                && Arrays.equals(Sides.broadcast(x.shape(), y.shape()), x.shape());
    }

    Value multiply(Value x, double number) {
        return multiply(x, Value.of(Constant.number(number, false)));
    }

    /** Towards 0 if both are whole. */
    Value divide(Value x, Value y) {
        Constant divisor = y.constant();
        if (wholes(x, y)) {
            return Quotients.cut(this, x, y);
        }
        if (divisor != null && !x.known()) {
            requireNoRows(divisor);
            return multiply(x, Value.of(divisor.map(v -> 1 / v, false)));
        }
        Double left = scalar(x, y);
        if (left != null) {
            return value(real(y).rdiv(left), y.shape());
        }
        return binary(x, y, (a, b) -> a / b, SDVariable::div);
    }

    Value square(Value x) {
        return unary(x, v -> v * v, graph.math::square).whole(x.whole());
    }

    /** The largest whole number up to x; without a slope. */
    Value floor(Value x) {
        return unary(x, Math::floor, graph.math::floor);
    }

    /** 1 where x is not 0, else 0; without a slope. */
    Value nonZero(Value x) {
        return add(step(x), step(multiply(x, -1))).whole(true);
    }

    /** (x + e)^(-1/2). */
    Value inverseRoot(Value x, double e) {
        return unary(add(x, e), v -> 1 / Math.sqrt(v), graph.math::rsqrt);
    }

    Value relu(Value x) {
        return unary(x, v -> Math.max(v, 0), v -> graph.nn.relu(v, 0)).whole(x.whole());
    }

    /** 1 where x is above 0, else 0; without a slope. */
    Value step(Value x) {
        return unary(x, v -> v > 0 ? 1 : 0, v -> graph.math.step(v, 0));
    }

    Value exp(Value x) {
        return unary(x, Math::exp, graph.math::exp);
    }

    Value log(Value x) {
        return unary(x, Math::log, graph.math::log);
    }

    Value reshaped(Value x, long... target) {
        if (Arrays.equals(x.shape(), target)) {
            return x;
        }
        if (Sides.length(x.shape()) != Sides.length(target)) {
            throw new IllegalArgumentException(Sides.text(x.shape()) + " as " + Sides.text(target));
        }
        Constant constant = x.constant();
        if (constant != null) {
            return Value.of(constant.reshaped(target));
        }
        long[] sides = target.clone();
        int axis = Sides.batchAxis(target);
        for (int i = 0; i < sides.length; i++) {
            if (Sides.ofBatch(sides[i]) && i != axis) {
                throw new IllegalArgumentException("the batch on two axes: " + Sides.text(target));
            }
        }
        if (axis >= 0) {
            sides[axis] = -1;
        }
        return Value.of(graph.reshape(variableOf(x), sides), x.whole(), target);
    }

    Value transposed(Value x, int... order) {
        if (Arrays.equals(order, Sides.range(order.length))) {
            return x;
        }
        Constant constant = x.constant();
        if (constant != null) {
            return Value.of(constant.transposed(order));
        }
        return Value.of(graph.permute(variableOf(x), order), x.whole(), Sides.permuted(x.shape(), order));
    }

    /** Two axes swapped. */
    Value swapped(Value x, int i, int j) {
        int[] order = Sides.range(x.rank());
        order[i] = j;
        order[j] = i;
        return transposed(x, order);
    }

    /** Elements begin, begin + step, ... of an axis, so many of them. */
    Value sliced(Value x, int axis, long begin, long step, long count) {
        if (begin == 0 && step == 1 && count == x.side(axis)) {
            return x;
        }
        if (Sides.ofBatch(x.side(axis))) {
            throw new IllegalArgumentException("some rows of the batch");
        }
        Constant constant = x.constant();
        if (constant != null) {
            return Value.of(constant.taken(axis, (int) count, i -> (int) (begin + i * step)));
        }
        int rank = x.rank();
        long[] from = new long[rank];
        long[] to = new long[rank];
        long[] steps = new long[rank];
        Arrays.fill(to, 1);
        Arrays.fill(steps, 1);
        from[axis] = begin;
        steps[axis] = step;
        to[axis] = begin + count * step;
        int open = ~(1 << axis) & (1 << Math.min(rank, ALL_AXES_BITS)) - 1;
        int openEnd = to[axis] < 0 ? open | 1 << axis : open;
        SDVariable slice = graph.stridedSlice(variableOf(x), from, to, steps, open, openEnd, 0, 0, 0);
        return Value.of(slice, x.whole(), Sides.with(x.shape(), axis, count));
    }

    /** Elements of an axis by their indices. */
    Value taken(Value x, int axis, int count, IntUnaryOperator indices) {
        long step = count > 1 ? indices.applyAsInt(1) - indices.applyAsInt(0) : 1;
        boolean even = step != 0;
        for (int i = 0; i < count; i++) {
            if (indices.applyAsInt(i) < 0 || indices.applyAsInt(i) >= x.side(axis)) {
                throw new IllegalArgumentException("place " + indices.applyAsInt(i) + " on an axis of " + x.side(axis));
            }
        }
        for (int i = 2; i < count; i++) {
            even &= indices.applyAsInt(i) - indices.applyAsInt(i - 1) == step;
        }
        if (even) {
            return sliced(x, axis, indices.applyAsInt(0), step, count);
        }
        Constant constant = x.constant();
        if (constant != null) {
            return Value.of(constant.taken(axis, count, indices));
        }
        List<Value> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parts.add(sliced(x, axis, indices.applyAsInt(i), 1, 1));
        }
        return joined(axis, parts);
    }

    Value joined(int axis, List<Value> parts) {
        List<Value> present =
                parts.stream().filter(part -> part.side(axis) != 0).toList();
        if (present.size() == 1) {
            return present.get(0);
        }
        Sides.requireAlike(axis, present);
        List<Constant> constants = new ArrayList<>();
        for (Value part : present) {
            Constant constant = part.constant();
            if (constant != null && !constant.repeatsAlongBatch()) {
                constants.add(constant);
            }
        }
        if (constants.size() == present.size()) {
            return Value.of(Constant.joined(axis, constants));
        }
        long side = present.stream().mapToLong(part -> part.side(axis)).sum();
        boolean whole = present.stream().allMatch(Value::whole);
        List<SDVariable> raw = present.stream().map(this::full).toList();
        boolean alike = raw.stream().map(SDVariable::dataType).distinct().count() == 1;
        SDVariable[] variables = raw.stream()
                .map(part -> alike || part.dataType().isFPType() ? part : part.castTo(type))
                .toArray(SDVariable[]::new);
        return Value.of(
                graph.concat(axis, variables), whole, Sides.with(present.get(0).shape(), axis, side));
    }

    /** Repeated to a shape that it broadcasts to. */
    Value expanded(Value x, long... target) {
        long[] wanted = Sides.broadcast(x.shape(), target);
        Constant constant = x.constant();
        if (constant != null) {
            return Value.of(constant.expanded(wanted));
        }
        Value aligned = reshaped(x, Sides.padded(wanted.length, x.shape()));
        long[] rows = new long[wanted.length];
        int[] times = new int[wanted.length];
        for (int i = 0; i < rows.length; i++) {
            boolean repeats = aligned.side(i) != wanted[i];
            rows[i] = repeats && Sides.ofBatch(wanted[i]) ? wanted[i] : 1;
            times[i] = repeats && rows[i] == 1 ? Math.toIntExact(wanted[i]) : 1;
        }
        SDVariable variable = variableOf(aligned);
        if (Arrays.stream(times).anyMatch(t -> t != 1)) {
            variable = graph.tile(variable, times);
        }
        if (Sides.batchAxis(rows) >= 0) {
            variable = variable.castTo(type).add(zeros(rows));
        }
        return Value.of(variable, x.whole(), wanted);
    }

    /** Zeros around: before and after each axis. */
    Value padded(Value x, long[] before, long... after) {
        boolean none = Arrays.stream(before).allMatch(v -> v == 0)
                && Arrays.stream(after).allMatch(v -> v == 0);
        if (none) {
            return x;
        }
        int rank = x.rank();
        Constant constant = x.constant();
        if (constant != null && !constant.repeatsAlongBatch()) {
            return Value.of(constant.among(0, before, after));
        }
        int[][] margins = new int[rank][];
        long[] sides = x.shape().clone();
        for (int i = 0; i < rank; i++) {
            margins[i] = new int[] {(int) before[i], (int) after[i]};
            sides[i] += before[i] + after[i];
        }
        SDVariable around = graph.constant(Nd4j.createFromArray(margins));
        return value(graph.nn.pad(full(x), around, 0), sides);
    }

    Value mean(Value x, boolean keep, int... axes) {
        return Sums.over(this, x, keep, axes, true);
    }

    Value sum(Value x, boolean keep, int... axes) {
        return Sums.over(this, x, keep, axes, false);
    }

    /** Elements of a where the condition is 1, of b where it is 0; exact, whatever the other one holds that is finite. */
    Value chosen(Value condition, Value a, Value b) {
        Constant known = condition.constant();
        if (known != null && known.uniform()) {
            Value one = known.values()[0] != 0 ? a : b;
            return expanded(one, Sides.broadcast(condition.shape(), Sides.broadcast(a.shape(), b.shape())));
        }
        Constant left = a.constant();
        Constant right = b.constant();
        if (known != null && left != null && right != null) {
            Constant zero = Constant.combine(known, left, a.whole(), (c, x) -> c != 0 ? x : 0);
            Constant other = Constant.combine(known, right, b.whole(), (c, x) -> c != 0 ? 0 : x);
            return Value.of(Constant.combine(zero, other, a.whole() && b.whole(), Double::sum));
        }
        Value not = subtract(Value.of(Constant.number(1, condition.whole())), condition);
        return add(multiply(finite(a), condition), multiply(finite(b), not));
    }

    /** Known numbers without infinities, which a product with 0 would turn into NaN; large ones in their place. */
    Value finite(Value x) {
        Constant constant = x.constant();
        return constant == null ? x : Value.of(constant.map(Infinities::finite, constant.whole()));
    }
}
