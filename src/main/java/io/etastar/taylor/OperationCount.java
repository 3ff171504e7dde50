package io.etastar.taylor;

import io.etastar.graph.Model;
import io.etastar.partition.Partition;
import io.etastar.quantity.Curvature;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.ProgramGraph;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Floating-point operations that the arithmetic asks for, one multiply-add being two: what run times are compared with.
 *
 * <p>With F the operations of one op that multiplies (matrix product, convolution): value, and the adjoints of both operands
 * take 3 F, those of features counted as well; in a summary each of K directions live in the operands takes two tangents through the op, and
 * a weight's own direction one more: 2 K F + F. With the Gauss-Newton matrix there are no adjoints, and one tangent: F + K F + F. A frozen
 * weight has no adjoint and no direction: 2 F, and 2 K F in a summary. Where no parameter comes before, there is the value alone: F.
 * Elementwise work is not counted.
 */
public final class OperationCount {
    private OperationCount() {}

    /** Operations of a gradient of one row: 3 F, less what frozen weights save. */
    public static double gradient(Model model) {
        return adjoints(Program.graph(model, 1, null));
    }

    /** Values and adjoints. */
    private static double adjoints(ProgramGraph graph) {
        Set<Node> known = new HashSet<>(graph.constants().keySet());
        double sum = forward(graph);
        for (Op op : graph.ops()) {
            if (known.containsAll(List.of(op.inputs()))) {
                known.add(op.output());
            } else if (op.output().active) {
                long operands = Arrays.stream(op.inputs())
                        .limit(2)
                        .filter(input -> !known.contains(input))
                        .count();
                sum += 2 * operands * op.rule().multiplyAdds(op);
            }
        }
        return sum;
    }

    /** Operations of a derivative summary of one row: those of a gradient and two tangents through every op for every direction live there. */
    public static double summary(Model model, Partition partition) {
        ProgramGraph graph = Program.graph(model, 1, partition);
        double sum = adjoints(graph);
        for (Op op : graph.ops()) {
            if (op.rule().multiplyAdds(op) > 0) {
                double own = op.input(1).isParameter()
                        ? graph.directions().count(op.input(1))
                        : 2 * graph.directions().count(op.input(1));
                sum += 2 * op.rule().multiplyAdds(op) * (2 * graph.directions().count(op.input(0)) + own);
            }
        }
        return sum;
    }

    /** Operations of a summary of one row with a curvature. */
    public static double summary(Model model, Partition partition, Curvature curvature) {
        return curvature == Curvature.HESSIAN ? summary(model, partition) : ggn(model, partition);
    }

    private static double ggn(Model model, Partition partition) {
        ProgramGraph graph = Program.graph(model, 1, partition);
        double sum = forward(graph);
        for (Op op : graph.ops()) {
            if (op.rule().multiplyAdds(op) > 0) {
                int directions = graph.directions().count(op.input(0))
                        + graph.directions().count(op.input(1));
                sum += 2 * op.rule().multiplyAdds(op) * directions;
            }
        }
        return sum;
    }

    /** Number of ops of a model. */
    public static int ops(Model model) {
        return Program.graph(model, 1, null).ops().size();
    }

    private static double forward(ProgramGraph graph) {
        return 2 * graph.multiplyAdds();
    }
}
