package io.etastar.taylor;

import io.etastar.graph.Model;
import io.etastar.partition.Partition;
import io.etastar.quantity.Curvature;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.ProgramGraph;

/**
 * Floating-point operations that the arithmetic asks for, one multiply-add being two: what run times are compared with.
 *
 * <p>With F the operations of one op that multiplies (matrix product, convolution): value, and the adjoints of both operands
 * take 3 F; in a summary each of K directions live in the operands takes two tangents through the op, and a weight's own
 * direction one more: 2 K F + F. With the Gauss-Newton matrix there are no adjoints, and one tangent: F + K F + F. Elementwise work is not
 * counted.
 */
public final class OperationCount {
    private OperationCount() {}

    /** Operations of a gradient of one row: 3 F. */
    public static double gradient(Model model) {
        return 3 * forward(Program.graph(model, 1, null));
    }

    /** Operations of a derivative summary of one row: 3 F and two tangents through every op for every direction live there. */
    public static double summary(Model model, Partition partition) {
        ProgramGraph graph = Program.graph(model, 1, partition);
        double sum = 3 * forward(graph);
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
