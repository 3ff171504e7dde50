package io.etastar.taylor;

import io.etastar.graph.Model;
import io.etastar.partition.ParameterLayout;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.ProgramGraph;
import io.etastar.taylor.rule.ConvolutionRule;
import io.etastar.taylor.rule.MatmulRule;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which axis of each weight the product with the network's values sums over, read off its graph: [in, out] for x W, [out, in] for
 * x W', whatever the names.
 *
 * <p>The first two axes of a weight are followed through what is computed of parameters and constants alone: transposed, sliced or
 * reshaped weights, sums, elementwise products, products of two of them such as B A, whose factors lie as their product does. The first
 * product with a value that depends on the rows decides; if there is none, or axes were merged on the way, the layout's own
 * assumption stands.
 */
public final class Orientations {
    private static final int LOST = -1;

    private final ProgramGraph graph;

    /** Of each node, where the first two axes of the parameters lie that it is computed of, by their indices. */
    private final Map<Node, Map<Integer, Axes>> places = new IdentityHashMap<>();

    private final Set<Node> ofRows = new HashSet<>();
    private final Map<Integer, Boolean> outputsFirst = new TreeMap<>();

    private record Axes(int first, int second) {
        /** Null if the product says nothing of them. */
        Boolean outputsFirst(int summed, int kept) {
            boolean yes = first == kept || second == summed;
            return yes || first == summed || second == kept ? yes : null;
        }

        Axes swapped(int a, int b) {
            return new Axes(swapped(first, a, b), swapped(second, a, b));
        }

        private static int swapped(int axis, int a, int b) {
            return axis == a ? b : axis == b ? a : axis;
        }
    }

    private Orientations(ProgramGraph graph) {
        this.graph = graph;
    }

    /**
     * The layout of a model with its weights' orientations.
     *
     * @throws io.etastar.UserError if the graph is none that can be compiled
     */
    public static ParameterLayout of(Model model) {
        Orientations found = new Orientations(Program.graph(model, 2, null));
        found.leaves();
        found.graph.ops().forEach(found::follow);
        ParameterLayout layout = model.layout();
        boolean[] sides = new boolean[layout.count()];
        for (int i = 0; i < sides.length; i++) {
            sides[i] = found.outputsFirst.getOrDefault(i, layout.outputsFirst(i));
        }
        return layout.withOutputsFirst(sides);
    }

    private void leaves() {
        ParameterLayout layout = graph.model().layout();
        for (int i = 0; i < layout.count(); i++) {
            if (layout.shape(i).length > 1) {
                places.put(graph.node(layout.name(i)), Map.of(i, new Axes(0, 1)));
            }
        }
        ofRows.add(graph.node(graph.model().input()));
        ofRows.add(graph.node(graph.model().label()));
    }

    private void follow(Op op) {
        boolean product = op.rule() instanceof MatmulRule || op.rule() instanceof ConvolutionRule;
        boolean rows = false;
        for (Node input : op.inputs()) {
            rows |= ofRows.contains(input);
        }
        if (rows) {
            ofRows.add(op.output());
        }
        for (int i = 0; i < op.inputs().length; i++) {
            Map<Integer, Axes> found = places.getOrDefault(op.input(i), Map.of());
            if (rows && product) {
                decide(op, i, found);
            } else if (!rows && !(op.rule() instanceof ConvolutionRule)) {
                pass(op, i, found);
            }
        }
    }

    private void decide(Op op, int operand, Map<Integer, Axes> found) {
        int rank = op.shape(operand).length;
        boolean dense = op.rule() instanceof MatmulRule;
        boolean rowsSummed = (operand == 1) != MatmulRule.transposed(op.source(), operand);
        int summed = !dense ? 1 : rowsSummed ? rank - 2 : rank - 1;
        int kept = !dense ? 0 : rowsSummed ? rank - 1 : rank - 2;
        found.forEach((parameter, axes) -> {
            Boolean side = axes.outputsFirst(summed, kept);
            if (side != null) {
                outputsFirst.putIfAbsent(parameter, side);
            }
        });
    }

    private void pass(Op op, int operand, Map<Integer, Axes> found) {
        int rank = op.shape(operand).length;
        boolean turned = op.rule() instanceof MatmulRule && MatmulRule.transposed(op.source(), operand);
        Map<Integer, Axes> passed = places.computeIfAbsent(op.output(), node -> new TreeMap<>());
        found.forEach((parameter, axes) -> {
            Axes from = turned ? axes.swapped(rank - 2, rank - 1) : axes;
            passed.putIfAbsent(
                    parameter, new Axes(moved(op, operand, from.first()), moved(op, operand, from.second())));
        });
    }

    /** Where an axis of an operand lies in the result. */
    private static int moved(Op op, int operand, int axis) {
        int[] from = op.shape(operand);
        int[] to = op.output().shape;
        if (axis == LOST || from[axis] == 1) {
            return LOST;
        }
        return switch (op.source().type()) {
            case "reshape" -> reshaped(axis, from, to);
            case "permute", "transpose" ->
                permuted(axis, from.length, op.source().integers());
            default -> to.length == from.length && to[axis] > 1 ? axis : LOST;
        };
    }

    /** The axis of that side with as many elements in front. */
    private static int reshaped(int axis, int[] from, int... to) {
        int before = 1;
        for (int i = 0; i < axis; i++) {
            before *= from[i];
        }
        int product = 1;
        for (int i = 0; i < to.length && product <= before; i++) {
            if (product == before && to[i] == from[axis]) {
                return i;
            }
            product *= to[i];
        }
        return LOST;
    }

    private static int permuted(int axis, int rank, long... order) {
        for (int i = 0; i < rank; i++) {
            long source = order.length == 0 ? rank - 1 - i : Math.floorMod(order[i], rank);
            if (source == axis) {
                return i;
            }
        }
        return LOST;
    }
}
