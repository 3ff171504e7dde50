package io.etastar.graph.onnx;

import static io.etastar.graph.onnx.Translations.single;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ops.impl.controlflow.compat.StopGradient;

/** Sums, means, largest elements over axes; softmax. */
final class Reductions {
    private static final int SOFTMAX_OF_ONE_AXIS = 13;

    private Reductions() {}

    static void add(Map<String, Translation> ops) {
        reduction(ops, "ReduceSum", (b, x, keep, axes) -> b.sum(x, keep, axes));
        reduction(ops, "ReduceMean", (b, x, keep, axes) -> b.mean(x, keep, axes));
        reduction(ops, "ReduceSumSquare", (b, x, keep, axes) -> b.sum(b.square(x), keep, axes));
        reduction(ops, "ReduceL1", (b, x, keep, axes) -> b.sum(size(b, x), keep, axes));
        reduction(ops, "ReduceL2", (b, x, keep, axes) -> root(b, b.sum(b.square(x), keep, axes)));
        reduction(ops, "ReduceLogSum", (b, x, keep, axes) -> b.log(b.sum(x, keep, axes)));
        reduction(ops, "ReduceLogSumExp", Reductions::logSumExp);
        extreme(ops, "ReduceMax", Double.NEGATIVE_INFINITY, Math::max, 1);
        extreme(ops, "ReduceMin", Double.POSITIVE_INFINITY, Math::min, -1);
        single(ops, "ReduceProd", (n, b) -> {
            int[] axes = axes(n);
            Value product = n.in(0);
            for (int axis : axes) {
                Value line = b.sliced(product, axis, 0, 1, 1);
                for (long i = 1; i < product.side(axis); i++) {
                    line = b.multiply(line, b.sliced(product, axis, i, 1, 1));
                }
                product = line;
            }
            return kept(n, b, product, axes);
        });
        single(ops, "Softmax", (n, b) -> softmax(n, b, false));
        single(ops, "LogSoftmax", (n, b) -> softmax(n, b, true));
        single(ops, "CumSum", Reductions::cumulative);
    }

    /** Whose formula does nothing where nothing is reduced. */
    private static final Set<String> PLAIN = Set.of("ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd");

    private interface Reduction {
        Value apply(Building b, Value x, boolean keep, int... axes);
    }

    private static void reduction(Map<String, Translation> ops, String name, Reduction reduction) {
        single(ops, name, (n, b) -> {
            int[] axes = axes(n);
            return axes.length == 0 ? n.in(0) : reduction.apply(b, n.in(0), keeps(n), axes);
        });
    }

    private static void extreme(
            Map<String, Translation> ops, String name, double start, DoubleBinaryOperator f, double sign) {
        single(ops, name, (n, b) -> {
            int[] axes = axes(n);
            Constant constant = n.in(0).constant();
            if (constant != null) {
                return kept(n, b, Value.of(constant.reduced(start, f, axes)), axes);
            }
            Value signed = b.multiply(n.in(0), sign);
            return b.multiply(Poolings.largest(b, signed, keeps(n), axes), sign)
                    .whole(n.in(0).whole());
        });
    }

    private static boolean keeps(OnnxNode n) {
        return n.flag("keepdims", true);
    }

    private static Value kept(OnnxNode n, Building b, Value x, int... axes) {
        Value result = x;
        for (int i = axes.length - 1; i >= 0 && !keeps(n); i--) {
            result = b.reshaped(result, Sides.without(result.shape(), axes[i]));
        }
        return result;
    }

    /** Rising; all unless some are named, none if the node says that no names are none. */
    private static int[] axes(OnnxNode n) {
        n.passOver("keepdims", "noop_with_empty_axes");
        long[] named = n.numbers(1, "axes");
        int rank = n.in(0).rank();
        if (named == null || named.length == 0) {
            boolean none = n.flag("noop_with_empty_axes", false);
            if (none && !PLAIN.contains(n.type())) {
                throw n.error("no axes, which are to be none", "axes");
            }
            return none ? new int[0] : Sides.range(rank);
        }
        return Arrays.stream(named)
                .mapToInt(axis -> Sides.axis(axis, rank))
                .sorted()
                .toArray();
    }

    private static Value size(Building b, Value x) {
        return b.unary(x, Math::abs, v -> b.graph().math.abs(v));
    }

    private static Value root(Building b, Value x) {
        return b.unary(x, Math::sqrt, v -> b.graph().math.sqrt(v));
    }

    /** Shifted by the largest element, which derivatives do not see. */
    private static Value logSumExp(Building b, Value x, boolean keep, int... axes) {
        Value largest = Poolings.largest(b, x, true, axes);
        Value shift = largest.known()
                ? largest
                : Value.of(new StopGradient(b.graph(), b.real(largest)).outputVariable(), false, largest.shape());
        Value sum = b.log(b.sum(b.exp(b.subtract(x, shift)), true, axes));
        Value result = b.add(sum, shift);
        for (int i = axes.length - 1; i >= 0 && !keep; i--) {
            result = b.reshaped(result, Sides.without(result.shape(), axes[i]));
        }
        return result;
    }

    /** Over one axis; before opset 13 over all axes from one on, as one. */
    private static Value softmax(OnnxNode n, Building b, boolean logarithm) {
        Value x = n.in(0);
        boolean one = n.opset() >= SOFTMAX_OF_ONE_AXIS;
        int axis = n.axis("axis", one ? -1 : 1, x.rank());
        if (!one && axis != x.rank() - 1) {
            long behind = Sides.length(Arrays.copyOfRange(x.shape(), axis, x.rank()));
            long[] flat = Sides.inserted(Arrays.copyOf(x.shape(), axis), axis, behind);
            return b.reshaped(softmax(b, b.reshaped(x, flat), axis, logarithm), x.shape());
        }
        return softmax(b, x, axis, logarithm);
    }

    static Value softmax(Building b, Value x, int axis, boolean logarithm) {
        if (!logarithm) {
            SDVariable weights = b.graph().nn.softmax(b.real(x), axis);
            b.infinities().softmax(weights, x, axis);
            return Value.of(weights, false, x.shape());
        }
        // Over the last axis: a graph whose op names another one cannot be read again.
        int last = x.rank() - 1;
        Value moved = b.swapped(x, axis, last);
        return b.swapped(Value.of(b.graph().nn.logSoftmax(b.real(moved)), false, moved.shape()), axis, last);
    }

    /** A product with a triangle of ones. */
    private static Value cumulative(OnnxNode n, Building b) {
        Value x = n.in(0);
        int axis = Sides.axis((long) n.constant(1).single(), x.rank());
        int side = Sides.ofRow(x.side(axis));
        boolean exclusive = n.flag("exclusive", false);
        boolean reverse = n.flag("reverse", false);
        double[] ones = new double[side * side];
        for (int from = 0; from < side; from++) {
            for (int to = 0; to < side; to++) {
                int ahead = reverse ? from - to : to - from;
                ones[from * side + to] = ahead > 0 || ahead == 0 && !exclusive ? 1 : 0;
            }
        }
        int last = x.rank() - 1;
        Value triangle = Value.of(Constant.of(x.whole(), new long[] {side, side}, ones));
        return b.swapped(Matrices.product(b, b.swapped(x, axis, last), triangle), axis, last)
                .whole(x.whole());
    }
}
