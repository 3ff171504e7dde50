package io.etastar.graph.onnx;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;

/**
 * Where minus infinity is in the network, as masks of attention have it: the graph has large numbers in its place, {@link #finite}. A softmax
 * over nothing but minus infinity is NaN, which exporters ask for to put 0 there, {@link #isNan}. Everything else that is computed counts as
 * finite.
 */
final class Infinities {
    /** Far below a score's rounding, and its sums in single precision stay finite. */
    private static final double LARGE = 1e30;

    /** Of finite numbers: a mask of the smallest number of a type is no infinity, and its softmax is an even mix. */
    static final double MOST = LARGE / 16;

    private final SameDiff graph;
    private final Set<String> constants = new HashSet<>();
    private final Map<String, Sum> sums = new HashMap<>();
    private final Map<String, Softmax> softmaxes = new HashMap<>();

    /** What is computed, and a constant that is added to it. */
    private record Sum(Value computed, Constant constant) {}

    private record Softmax(Value scores, int axis) {}

    Infinities(SameDiff graph) {
        this.graph = graph;
    }

    /** A number for the graph; what stands for an infinity already stays. */
    static double finite(double value) {
        return Double.isInfinite(value) || Math.abs(value) == LARGE
                ? Math.copySign(LARGE, value)
                : Math.max(-MOST, Math.min(MOST, value));
    }

    private static boolean isLow(double value) {
        return value <= -LARGE;
    }

    void constant(SDVariable variable, Constant values) {
        if (Arrays.stream(values.values()).anyMatch(Infinities::isLow)) {
            constants.add(variable.name());
        }
    }

    void number(SDVariable result, double value) {
        if (isLow(value)) {
            constants.add(result.name());
        }
    }

    void sum(Value result, Value x, Value y) {
        Constant constant = x.known() ? x.constant() : y.constant();
        if (result.variable() != null && constant != null) {
            sums.put(result.variable().name(), new Sum(x.known() ? y : x, constant));
        }
    }

    void softmax(SDVariable result, Value scores, int axis) {
        softmaxes.put(result.name(), new Softmax(scores, axis));
    }

    /** 1 where a softmax is NaN, else 0; null if the value is none. */
    @Nullable
    Value isNan(Building b, Value value) {
        SDVariable variable = value.variable();
        Softmax softmax = variable == null ? null : softmaxes.get(variable.name());
        if (softmax == null) {
            return null;
        }
        SDVariable scores = softmax.scores.variable();
        if (scores != null && !reached(scores)) {
            return Value.of(Constant.number(0, true).expanded(value.shape()));
        }
        Sum sum = scores == null ? null : sums.get(scores.name());
        SDVariable computed = sum == null ? null : sum.computed.variable();
        boolean byConstant = computed != null && !reached(computed);
        Value mask = sum != null && byConstant ? Value.of(sum.constant) : softmax.scores;
        return b.expanded(nothing(b, mask, softmax.axis + mask.rank() - value.rank()), value.shape());
    }

    /** 1 where all of an axis is minus infinity; the axis may be one that broadcasting adds. */
    private static Value nothing(Building b, Value mask, int axis) {
        Value largest = axis < 0 ? mask : Poolings.largest(b, b.finite(mask), true, axis);
        Value seen = b.step(b.add(b.finite(largest), LARGE - MOST));
        return b.subtract(Value.of(Constant.number(1, true)), seen).whole(true);
    }

    /** Whether a number in place of minus infinity reaches a variable other than through a softmax. */
    private boolean reached(SDVariable variable) {
        Deque<String> open = new ArrayDeque<>(List.of(variable.name()));
        Set<String> seen = new HashSet<>(open);
        while (!open.isEmpty()) {
            String name = open.pop();
            if (constants.contains(name)) {
                return true;
            }
            SameDiffOp op = softmaxes.containsKey(name) ? null : graph.getOps().get(maker(name));
            if (op != null && op.getInputsToOp() != null) {
                op.getInputsToOp().stream().filter(seen::add).forEach(open::push);
            }
        }
        return false;
    }

    private String maker(String name) {
        String maker = Objects.requireNonNull(graph.getVariables().get(name)).getOutputOfOp();
        return maker == null ? "" : maker;
    }
}
