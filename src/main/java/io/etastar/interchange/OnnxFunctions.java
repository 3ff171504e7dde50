package io.etastar.interchange;

import static io.etastar.interchange.OnnxAttributes.integer;
import static io.etastar.interchange.OnnxAttributes.real;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** Functions of single elements and of pairs of them; matrix products, softmax and attention. */
final class OnnxFunctions {
    /** ONNX's code of whole numbers of 64 bits. */
    private static final int FLOAT = 1;

    private static final int INT64 = 7;

    /** ND4J's codes of whole numbers. */
    private static final Set<Long> WHOLE = Set.of(7L, 8L, 9L, 10L, 11L, 12L, 13L, 14L);

    private OnnxFunctions() {}

    static void add(Map<String, OnnxOp.Translation> ops) {
        functions(ops);
        composites(ops);
        pairs(ops);
        scalars(ops);
        products(ops);
    }

    private static void functions(Map<String, OnnxOp.Translation> ops) {
        Map<String, String> same = Map.ofEntries(
                Map.entry("tanh", "Tanh"),
                Map.entry("sigmoid", "Sigmoid"),
                Map.entry("relu", "Relu"),
                Map.entry("elu", "Elu"),
                Map.entry("selu", "Selu"),
                Map.entry("softplus", "Softplus"),
                Map.entry("softsign", "Softsign"),
                Map.entry("atan", "Atan"),
                Map.entry("erf", "Erf"),
                Map.entry("exp", "Exp"),
                Map.entry("log", "Log"),
                Map.entry("abs", "Abs"),
                Map.entry("sqrt", "Sqrt"),
                Map.entry("sin", "Sin"),
                Map.entry("cos", "Cos"),
                Map.entry("sinh", "Sinh"),
                Map.entry("cosh", "Cosh"),
                Map.entry("neg", "Neg"),
                Map.entry("floor", "Floor"),
                Map.entry("Reciprocal", "Reciprocal"));
        same.forEach((name, type) -> ops.put(name, op -> op.add(type, op.in(0))));
        for (String nothing : List.of("identity", "stop_gradient", "dropout", "dropout_inverted")) {
            ops.put(nothing, op -> op.in(0));
        }
        // A cast to whole numbers makes indices.
        ops.put(
                "cast",
                op -> WHOLE.contains(op.integer(0, 0)) ? op.add("Cast", integer("to", INT64), op.in(0)) : op.in(0));
        ops.put("leakyrelu", op -> op.add("LeakyRelu", real("alpha", op.scalar(0, 0.01)), op.in(0)));
        ops.put("hard_sigmoid", op -> op.add("HardSigmoid", List.of(real("alpha", 0.2), real("beta", 0.5)), op.in(0)));
        ops.put("step", op -> op.add("Cast", integer("to", FLOAT), op.with("Greater", op.in(0), op.scalar(0, 0))));
        ops.put("hardtanh", op -> clip(op, -1, 1));
        ops.put("relu6", op -> clip(op, 0, 6));
        ops.put("ClipByValue", op -> clip(op, op.scalar(0, -1), op.scalar(1, 1)));
        ops.put("prelu", op -> op.add("PRelu", op.in(0), op.in(1)));
    }

    private static String clip(OnnxOp op, double low, double high) {
        return op.add("Clip", op.in(0), op.graph().scalar(low), op.graph().scalar(high));
    }

    private static void composites(Map<String, OnnxOp.Translation> ops) {
        ops.put("square", op -> op.add("Mul", op.in(0), op.in(0)));
        ops.put("cube", op -> op.with("Pow", op.in(0), 3));
        ops.put("rsqrt", op -> op.add("Reciprocal", op.add("Sqrt", op.in(0))));
        ops.put("expm1", op -> op.with("Sub", op.add("Exp", op.in(0)), 1));
        ops.put("log1p", op -> op.add("Log", op.with("Add", op.in(0), 1)));
        ops.put("swish", op -> op.add("Mul", op.in(0), op.add("Sigmoid", op.in(0))));
        ops.put("mish", op -> op.add("Mul", op.in(0), op.add("Tanh", op.add("Softplus", op.in(0)))));
        ops.put("logsigmoid", op -> op.add("Neg", op.add("Softplus", op.add("Neg", op.in(0)))));
        ops.put("rectified_tanh", op -> op.add("Relu", op.add("Tanh", op.in(0))));
        ops.put("gelu", op -> op.add("Mul", op.in(0), op.add("Sigmoid", op.with("Mul", op.in(0), 1.702))));
        ops.put("precise_gelu", OnnxFunctions::geluByTanh);
    }

    /** x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))). */
    private static String geluByTanh(OnnxOp op) {
        String cube = op.with("Mul", op.with("Pow", op.in(0), 3), 0.044715);
        String inner = op.with("Mul", op.add("Add", op.in(0), cube), Math.sqrt(2 / Math.PI));
        return op.add("Mul", op.with("Mul", op.in(0), 0.5), op.with("Add", op.add("Tanh", inner), 1));
    }

    private static void pairs(Map<String, OnnxOp.Translation> ops) {
        ops.put("add", op -> op.add("Add", op.in(0), op.in(1)));
        ops.put("subtract", op -> op.add("Sub", op.in(0), op.in(1)));
        ops.put("multiply", op -> op.add("Mul", op.in(0), op.in(1)));
        ops.put("divide", op -> op.add("Div", op.in(0), op.in(1)));
        ops.put("reversesubtract", op -> op.add("Sub", op.in(1), op.in(0)));
        ops.put("reversedivide", op -> op.add("Div", op.in(1), op.in(0)));
        ops.put("squaredsubtract", op -> op.with("Pow", op.add("Sub", op.in(0), op.in(1)), 2));
        ops.put("biasadd", op -> op.add("Add", op.in(0), op.flag(0) ? op.alongAxis(op.in(1), 1) : op.in(1)));
    }

    private static void scalars(Map<String, OnnxOp.Translation> ops) {
        ops.put("add_scalar", op -> op.with("Add", op.in(0), op.scalar(0, 0)));
        ops.put("sub_scalar", op -> op.with("Sub", op.in(0), op.scalar(0, 0)));
        ops.put("mul_scalar", op -> op.with("Mul", op.in(0), op.scalar(0, 1)));
        ops.put("div_scalar", op -> op.with("Div", op.in(0), op.scalar(0, 1)));
        ops.put("pow", op -> op.with("Pow", op.in(0), op.scalar(0, 1)));
        ops.put("rsub_scalar", op -> op.add("Sub", op.graph().scalar(op.scalar(0, 0)), op.in(0)));
        ops.put("rdiv_scalar", op -> op.add("Div", op.graph().scalar(op.scalar(0, 1)), op.in(0)));
    }

    private static void products(Map<String, OnnxOp.Translation> ops) {
        ops.put("matmul", OnnxFunctions::product);
        ops.put("xw_plus_b", op -> op.add("Add", op.add("MatMul", op.in(0), op.in(1)), op.in(2)));
        ops.put("softmax", op -> op.add("Softmax", integer("axis", op.axis(op.integer(0, -1))), op.in(0)));
        ops.put("log_softmax", op -> op.add("LogSoftmax", integer("axis", op.axis(op.integer(0, -1))), op.in(0)));
        ops.put("dot_product_attention", OnnxFunctions::attention);
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
