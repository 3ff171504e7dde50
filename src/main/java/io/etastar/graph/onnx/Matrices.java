package io.etastar.graph.onnx;

import java.util.Arrays;
import org.nd4j.autodiff.samediff.SDVariable;

/** Products of matrices and of stacks of them, by numpy's rules of broadcasting. */
final class Matrices {
    private Matrices() {}

    /** x y of matrices or stacks of them. */
    static Value product(Building b, Value x, Value y) {
        if (x.rank() == 1) {
            Value row = product(b, b.reshaped(x, 1, x.side(0)), y);
            return b.reshaped(row, Sides.without(row.shape(), row.rank() - 2));
        }
        if (y.rank() == 1) {
            Value column = product(b, x, b.reshaped(y, y.side(0), 1));
            return b.reshaped(column, Sides.without(column.shape(), column.rank() - 1));
        }
        if (y.rank() == 2) {
            return matmul(b, x, y, false, false);
        }
        if (x.rank() == 2) {
            int last = y.rank() - 1;
            return b.swapped(matmul(b, b.swapped(y, last - 1, last), x, false, true), last - 1, last);
        }
        return stacks(b, x, y);
    }

    private static Value stacks(Building b, Value x, Value y) {
        int rank = Math.max(x.rank(), y.rank());
        long[] left = Sides.padded(rank, x.shape());
        long[] right = Sides.padded(rank, y.shape());
        long[] front = Sides.broadcast(Arrays.copyOf(left, rank - 2), Arrays.copyOf(right, rank - 2));
        if (Sides.length(Arrays.copyOf(right, rank - 2)) == 1) {
            Value matrix = b.reshaped(y, right[rank - 2], right[rank - 1]);
            return matmul(b, b.reshaped(x, left), matrix, false, false);
        }
        long[] leftFull = Arrays.copyOf(front, rank);
        long[] rightFull = Arrays.copyOf(front, rank);
        for (int i = rank - 2; i < rank; i++) {
            leftFull[i] = left[i];
            rightFull[i] = right[i];
        }
        return matmul(b, b.expanded(x, leftFull), b.expanded(y, rightFull), false, false);
    }

    /** x y with operands transposed in their last two axes; equal leading axes, or a plain matrix y. */
    static Value matmul(Building b, Value x, Value y, boolean transposeX, boolean transposeY) {
        int rank = x.rank();
        long[] shape = x.shape().clone();
        shape[rank - 2] = x.side(transposeX ? rank - 1 : rank - 2);
        shape[rank - 1] = y.side(transposeY ? y.rank() - 2 : y.rank() - 1);
        long inner = x.side(transposeX ? rank - 2 : rank - 1);
        if (inner != y.side(transposeY ? y.rank() - 1 : y.rank() - 2)) {
            throw new IllegalArgumentException(
                    "a product of " + Sides.text(x.shape()) + " and " + Sides.text(y.shape()));
        }
        Constant left = x.constant();
        Constant right = y.constant();
        if (left != null && right != null && !left.repeatsAlongBatch()) {
            return Value.of(product(left, right, transposeX, transposeY, shape));
        }
        SDVariable first = x.known() ? b.full(x) : b.real(x);
        SDVariable second = y.known() ? b.full(y) : b.real(y);
        return Value.of(b.graph().linalg.mmul(first, second, transposeX, transposeY, false), false, shape);
    }

    private static Constant product(Constant x, Constant y, boolean transposeX, boolean transposeY, long... shape) {
        int rank = x.shape().length;
        Constant left = transposeX ? swappedLast(x) : x;
        Constant right = transposeY ? swappedLast(y) : y;
        // [..., n, k, 1] times [..., 1, k, m], summed over k.
        Constant terms = Constant.combine(
                left.reshaped(Sides.inserted(left.shape(), rank, 1)),
                right.reshaped(Sides.inserted(right.shape(), right.shape().length - 2, 1)),
                left.whole() && right.whole(),
                (p, q) -> p * q);
        return terms.reduced(0, Double::sum, terms.shape().length - 2).reshaped(shape);
    }

    private static Constant swappedLast(Constant x) {
        int[] order = Sides.range(x.shape().length);
        order[order.length - 1] = order.length - 2;
        order[order.length - 2] = order.length - 1;
        return x.transposed(order);
    }
}
