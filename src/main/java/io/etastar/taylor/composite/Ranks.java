package io.etastar.taylor.composite;

import io.etastar.taylor.graph.Op;
import io.etastar.tensor.Shapes;
import java.util.Arrays;

/** Ops on arrays of any rank by way of matrices. */
public final class Ranks {
    private Ranks() {}

    /** More than three axes fold into one stack of matrices; a matrix on the right of a stack takes the stack's rows as one. */
    public static void matmul(Decomposer p) {
        int left = p.shape(0).length;
        int right = p.shape(1).length;
        if (left > 2 && right == 2 && p.integer(0, 0) == 0) {
            int[] shape = p.shape(0).clone();
            int inner = shape[left - 1];
            shape[left - 1] = p.shape(1)[p.integer(1, 0) == 1 ? 0 : 1];
            p.view(p.again(p.view(p.in(0), Shapes.length(p.shape(0)) / inner, inner), p.in(1)), shape);
        } else if (left > 3 && left == right) {
            stacks(p, left);
        }
    }

    private static void stacks(Decomposer p, int rank) {
        int[] x = p.shape(0);
        int[] y = p.shape(1);
        int[] shape = x.clone();
        shape[rank - 2] = x[p.integer(0, 0) == 1 ? rank - 1 : rank - 2];
        shape[rank - 1] = y[p.integer(1, 0) == 1 ? rank - 2 : rank - 1];
        if (!Arrays.equals(Arrays.copyOf(x, rank - 2), Arrays.copyOf(y, rank - 2))) {
            throw Op.rank(p.source(), y, "the left operand's " + Arrays.toString(x) + " but for the last two axes");
        }
        p.view(p.again(p.view(p.in(0), folded(x)), p.view(p.in(1), folded(y))), shape);
    }

    private static int[] folded(int... shape) {
        int rank = shape.length;
        int matrix = shape[rank - 2] * shape[rank - 1];
        return new int[] {Shapes.length(shape) / matrix, shape[rank - 2], shape[rank - 1]};
    }

    /** Over the last axis by rows; over another one by moving it to the end and back. */
    public static void logSoftmax(Decomposer p) {
        int[] shape = p.shape(0);
        int rank = shape.length;
        int axis = p.axis(p.integer(0, -1));
        if (rank == 2 && axis == 1) {
            return;
        }
        if (axis == rank - 1) {
            p.view(p.part("log_softmax", p.view(p.in(0), Shapes.length(shape) / shape[axis], shape[axis])), shape);
            return;
        }
        long[] swap = Arrays.stream(Decomposer.range(rank)).asLongStream().toArray();
        swap[axis] = rank - 1;
        swap[rank - 1] = axis;
        p.integers("permute", swap, p.part("log_softmax", p.integers("permute", swap, p.in(0))));
    }

    /** Logits [N, T, ..., C] and labels [N, T, ...]. */
    public static void crossEntropy(Decomposer p) {
        int[] logits = p.shape(1);
        if (logits.length > 2) {
            int classes = logits[logits.length - 1];
            int rows = Shapes.length(logits) / classes;
            String losses = p.again(p.view(p.in(0), rows), p.view(p.in(1), rows, classes));
            p.view(losses, Arrays.copyOf(logits, logits.length - 1));
        }
    }

    /**
     * softmax(k^T q / sqrt(d)) over the keys for queries q [..., d, Q], keys k [..., d, K] and values v [..., e, K], then v times
     * it: [..., e, Q]. The first integer says whether to divide by sqrt(d).
     */
    public static void attention(Decomposer p) {
        if (p.source().inputs().size() > 3) {
            throw Op.error(p.source(), "found a mask, expected queries, keys and values alone");
        }
        if (p.outputIndex() != 0) {
            throw Op.error(p.source(), "found its weights used, expected its first output alone");
        }
        int rank = p.shape(0).length;
        String scores = p.integers("matmul", new long[] {1, 0, 0}, p.in(1), p.in(0));
        double scale = p.integer(0, 1) == 1 ? 1 / Math.sqrt(p.shape(0)[rank - 2]) : 1;
        String weights = p.integers("softmax", new long[] {rank - 2}, p.scalars("mul_scalar", scale, scores));
        p.part("matmul", p.in(2), weights);
    }
}
