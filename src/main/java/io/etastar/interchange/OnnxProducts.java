package io.etastar.interchange;

import static io.etastar.interchange.OnnxAttributes.integer;

import java.util.Map;
import java.util.stream.LongStream;

/** Matrix products, softmax and attention. */
final class OnnxProducts {
    private OnnxProducts() {}

    static void add(Map<String, OnnxOp.Translation> ops) {
        ops.put("matmul", OnnxProducts::product);
        ops.put("xw_plus_b", op -> op.add("Add", op.add("MatMul", op.in(0), op.in(1)), op.in(2)));
        ops.put("softmax", op -> op.add("Softmax", integer("axis", op.axis(op.integer(0, -1))), op.in(0)));
        ops.put("log_softmax", op -> op.add("LogSoftmax", integer("axis", op.axis(op.integer(0, -1))), op.in(0)));
        ops.put("dot_product_attention", OnnxProducts::attention);
    }

    /** Integers say whether the first and the second operand are transposed. */
    private static String product(OnnxOp op) {
        String left = op.integer(0, 0) == 1 ? turned(op, 0) : op.in(0);
        String right = op.integer(1, 0) == 1 ? turned(op, 1) : op.in(1);
        return op.add("MatMul", left, right);
    }

    /** An operand with its last two axes swapped. */
    private static String turned(OnnxOp op, int i) {
        int rank = op.rank(i);
        long[] axes = LongStream.range(0, rank).toArray();
        axes[rank - 1] = rank - 2;
        axes[rank - 2] = rank - 1;
        return op.transpose(op.in(i), axes);
    }

    /** v softmax(k^T q / sqrt(d)) over the keys, for queries q, keys k and values v [..., d, length]. */
    private static String attention(OnnxOp op) {
        if (op.has(3)) {
            throw op.error("found a mask, expected queries, keys and values alone");
        }
        int rank = op.rank(0);
        String scores = op.add("MatMul", turned(op, 1), op.in(0));
        if (op.integer(0, 1) == 1) {
            scores = op.with("Mul", scores, 1 / Math.sqrt(op.shape(0)[rank - 2]));
        }
        return op.add("MatMul", op.in(2), op.add("Softmax", integer("axis", rank - 2), scores));
    }
}
