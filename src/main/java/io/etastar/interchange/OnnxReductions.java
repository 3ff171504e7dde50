package io.etastar.interchange;

import static io.etastar.interchange.OnnxAttributes.integer;
import static io.etastar.interchange.OnnxAttributes.integers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import onnx.Onnx.AttributeProto;

/** Sums, means, variances and what is normalised by them. */
final class OnnxReductions {
    private OnnxReductions() {}

    static void add(Map<String, OnnxOp.Translation> ops) {
        ops.put("reduce_mean", op -> mean(op, op.in(0), op.source().keepAxes(), axes(op)));
        ops.put("reduce_sum", op -> sum(op, op.in(0)));
        ops.put("reduce_sqnorm", op -> sum(op, squared(op, op.in(0))));
        ops.put("reduce_norm2", op -> op.add("Sqrt", sum(op, squared(op, op.in(0)))));
        ops.put("var", OnnxReductions::variance);
        ops.put("std", op -> op.add("Sqrt", variance(op)));
        ops.put("moments", OnnxReductions::moments);
        ops.put("standardize", OnnxReductions::standardised);
        ops.put("layer_norm", OnnxReductions::layerNorm);
        ops.put("batchnorm", OnnxReductions::batchNorm);
    }

    private static String squared(OnnxOp op, String x) {
        return op.add("Mul", x, x);
    }

    /** Axes of a reduction, all if none are named. */
    private static long[] axes(OnnxOp op) {
        int[] axes = op.source().axes();
        return axes.length == 0
                ? LongStream.range(0, op.rank(0)).toArray()
                : Arrays.stream(axes).mapToLong(op::axis).toArray();
    }

    /** Axes among the integers. */
    private static long[] named(OnnxOp op) {
        return Arrays.stream(op.source().integers()).map(op::axis).toArray();
    }

    private static String mean(OnnxOp op, String x, boolean keep, long... axes) {
        List<AttributeProto> attributes = List.of(integers("axes", axes), integer("keepdims", keep ? 1 : 0));
        return op.add("ReduceMean", attributes, x);
    }

    private static String sum(OnnxOp op, String x) {
        return op.add(
                "ReduceSum",
                integer("keepdims", op.source().keepAxes() ? 1 : 0),
                x,
                op.graph().integers(axes(op)));
    }

    private static String centred(OnnxOp op, long... axes) {
        return op.add("Sub", op.in(0), mean(op, op.in(0), true, axes));
    }

    /** Over n, or over n - 1 if the flag asks for it. */
    private static String variance(OnnxOp op) {
        long[] axes = axes(op);
        String variance = mean(op, squared(op, centred(op, axes)), op.source().keepAxes(), axes);
        if (!op.flag(0)) {
            return variance;
        }
        double count = Arrays.stream(axes).map(axis -> op.shape(0)[(int) axis]).reduce(1, (a, b) -> a * b);
        return op.with("Mul", variance, count / (count - 1));
    }

    private static String moments(OnnxOp op) {
        long[] axes = named(op);
        String mean = op.outputIndex() == 0 ? op.in(0) : squared(op, centred(op, axes));
        return mean(op, mean, op.flag(0), axes);
    }

    private static String standardised(OnnxOp op) {
        long[] axes = named(op);
        String centred = centred(op, axes);
        return op.add("Div", centred, op.add("Sqrt", mean(op, squared(op, centred), true, axes)));
    }

    private static String layerNorm(OnnxOp op) {
        List<String> vectors = new ArrayList<>();
        for (int i = 1; i < op.source().inputs().size(); i++) {
            vectors.add(op.flag(0) ? op.alongAxis(op.in(i), 1) : op.in(i));
        }
        String y = op.add("Mul", standardised(op), vectors.get(0));
        return vectors.size() == 1 ? y : op.add("Add", y, vectors.get(1));
    }

    /** Inputs are x, mean, variance, then gain and shift if the integers say so; the third integer is the axis. */
    private static String batchNorm(OnnxOp op) {
        long axis = op.axis(op.integer(2, 1));
        String variance = op.with("Add", op.alongAxis(op.in(2), axis), op.scalar(0, 1e-5));
        String y = op.add("Div", op.add("Sub", op.in(0), op.alongAxis(op.in(1), axis)), op.add("Sqrt", variance));
        int next = 3;
        if (op.integer(0, 0) == 1) {
            y = op.add("Mul", y, op.alongAxis(op.in(next++), axis));
        }
        return op.integer(1, 0) == 1 ? op.add("Add", y, op.alongAxis(op.in(next), axis)) : y;
    }
}
