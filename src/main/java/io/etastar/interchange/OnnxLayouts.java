package io.etastar.interchange;

import static io.etastar.interchange.OnnxAttributes.integer;
import static io.etastar.interchange.OnnxAttributes.text;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Ops that give elements another place or shape. */
final class OnnxLayouts {
    private OnnxLayouts() {}

    static void add(Map<String, OnnxOp.Translation> ops) {
        ops.put("reshape", OnnxLayouts::reshape);
        ops.put("expand_dims", op -> op.add("Unsqueeze", op.in(0), op.graph().integers(op.integer(0, 0))));
        ops.put("squeeze", OnnxLayouts::squeeze);
        ops.put("permute", OnnxLayouts::permute);
        ops.put("transpose", OnnxLayouts::permute);
        ops.put("concat", OnnxLayouts::concatenate);
        ops.put("stack", OnnxLayouts::stack);
        ops.put(
                "tile",
                op -> op.add("Tile", op.in(0), op.graph().integers(op.source().integers())));
        ops.put("pad", OnnxLayouts::pad);
        ops.put("upsampling2d", OnnxLayouts::enlarge);
        ops.put("gather", op -> op.add("Gather", op.in(0), op.in(1)));
        ops.put("embedding_lookup", op -> op.add("Gather", op.in(0), op.in(1)));
    }

    /** The shape is among the integers, behind a negative number for the order, or a constant. */
    private static String reshape(OnnxOp op) {
        long[] shape = op.has(1) ? op.constant(1) : op.source().integers();
        int skip = shape.length > 0 && shape[0] < -1 ? 1 : 0;
        return op.reshape(op.in(0), Arrays.copyOfRange(shape, skip, shape.length));
    }

    private static String squeeze(OnnxOp op) {
        long[] axes = op.source().integers().length > 0
                ? op.source().integers()
                : IntStream.range(0, op.rank(0))
                        .filter(i -> op.shape(0)[i] == 1)
                        .asLongStream()
                        .toArray();
        return op.add("Squeeze", op.in(0), op.graph().integers(axes));
    }

    private static String permute(OnnxOp op) {
        int rank = op.rank(0);
        long[] axes = op.source().integers();
        return op.transpose(
                op.in(0),
                axes.length == 0
                        ? LongStream.range(0, rank).map(i -> rank - 1 - i).toArray()
                        : Arrays.stream(axes).map(op::axis).toArray());
    }

    private static String concatenate(OnnxOp op) {
        return op.add(
                "Concat", integer("axis", op.axis(op.integer(0, 0))), op.in().toArray(new String[0]));
    }

    private static String stack(OnnxOp op) {
        long axis = op.integer(0, 0);
        String[] longer = op.in().stream()
                .map(name -> op.add("Unsqueeze", name, op.graph().integers(axis)))
                .toArray(String[]::new);
        return op.add("Concat", integer("axis", axis), longer);
    }

    /** Zeros around; margins are a constant [rank, 2] here, all before and then all after in ONNX. */
    private static String pad(OnnxOp op) {
        if (op.integer(0, 0) != 0 || op.scalar(0, 0) != 0) {
            throw op.error("found another padding, expected zeros");
        }
        long[] margins = op.constant(1);
        int rank = op.rank(0);
        long[] pads = new long[2 * rank];
        for (int i = 0; i < rank; i++) {
            pads[i] = margins[2 * i];
            pads[rank + i] = margins[2 * i + 1];
        }
        return op.add("Pad", op.in(0), op.graph().integers(pads));
    }

    /** Every pixel of images [N, C, H, W] repeated. */
    private static String enlarge(OnnxOp op) {
        long rows = op.integer(0, 1);
        long columns = op.integer(1, 1);
        if (op.integer(2, 1) != 1) {
            throw op.error("found channels last, expected images [N, C, H, W]");
        }
        String scales = op.graph().reals(1, 1, rows, columns);
        return op.add(
                "Resize",
                List.of(
                        text("mode", "nearest"),
                        text("coordinate_transformation_mode", "asymmetric"),
                        text("nearest_mode", "floor")),
                op.in(0),
                "",
                scales);
    }
}
