package io.etastar.interchange;

import static io.etastar.interchange.OnnxAttributes.integer;
import static io.etastar.interchange.OnnxAttributes.integers;
import static io.etastar.interchange.OnnxAttributes.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import onnx.Onnx.AttributeProto;

/**
 * Convolutions and poolings. Integers of the source: sides, strides, padding and dilation of both axes, whether the output keeps the
 * size (padding "same"), then what each op has of its own.
 */
final class OnnxImages {
    private static final int SAME = 8;
    private static final int CHANNELS_LAST = 9;
    private static final int WEIGHT_LAYOUT = 10;
    private static final int POOL_CHANNELS_LAST = 10;
    private static final int COUNT_PADDING = 9;
    private static final long[] TO_CHANNELS_FIRST = {0, 3, 1, 2};
    private static final long[] TO_CHANNELS_LAST = {0, 2, 3, 1};

    private OnnxImages() {}

    static void add(Map<String, OnnxOp.Translation> ops) {
        ops.put("conv2d", op -> convolution(op, weight(op), 1));
        ops.put("depthwise_conv2d", OnnxImages::depthwise);
        ops.put("maxpool2d", op -> pool(op, "MaxPool", window(op, true)));
        ops.put("avgpool2d", OnnxImages::averagePool);
    }

    private static List<AttributeProto> window(OnnxOp op, boolean dilated) {
        List<AttributeProto> attributes = new ArrayList<>();
        attributes.add(integers("kernel_shape", op.integer(0, 1), op.integer(1, 1)));
        attributes.add(integers("strides", op.integer(2, 1), op.integer(3, 1)));
        if (dilated) {
            attributes.add(integers("dilations", op.integer(6, 1), op.integer(7, 1)));
        }
        if (op.integer(SAME, 0) == 1) {
            attributes.add(text("auto_pad", "SAME_UPPER"));
        } else {
            long rows = op.integer(4, 0);
            long columns = op.integer(5, 0);
            attributes.add(integers("pads", rows, columns, rows, columns));
        }
        return attributes;
    }

    /** Weights [rows, columns, in, out], [out, in, rows, columns] or [out, rows, columns, in], as the second. */
    private static String weight(OnnxOp op) {
        return switch ((int) op.integer(WEIGHT_LAYOUT, 0)) {
            case 0 -> op.transpose(op.in(1), 3, 2, 0, 1);
            case 1 -> op.in(1);
            default -> op.transpose(op.in(1), TO_CHANNELS_FIRST);
        };
    }

    private static String convolution(OnnxOp op, String weight, long groups) {
        boolean last = op.integer(CHANNELS_LAST, 0) == 1;
        List<AttributeProto> attributes = window(op, true);
        attributes.add(integer("group", groups));
        String images = last ? op.transpose(op.in(0), TO_CHANNELS_FIRST) : op.in(0);
        String output = op.has(2)
                ? op.add("Conv", attributes, images, weight, op.in(2))
                : op.add("Conv", attributes, images, weight);
        return last ? op.transpose(output, TO_CHANNELS_LAST) : output;
    }

    /** Weights [rows, columns, C, multiplier] as [C multiplier, 1, rows, columns]. */
    private static String depthwise(OnnxOp op) {
        int[] weight = op.shape(1);
        String turned = op.transpose(op.in(1), 2, 3, 0, 1);
        String grouped = op.reshape(turned, (long) weight[2] * weight[3], 1, weight[0], weight[1]);
        return convolution(op, grouped, weight[2]);
    }

    private static String averagePool(OnnxOp op) {
        List<AttributeProto> attributes = window(op, false);
        attributes.add(integer("count_include_pad", op.integer(COUNT_PADDING, 0)));
        return pool(op, "AveragePool", attributes);
    }

    private static String pool(OnnxOp op, String type, List<AttributeProto> attributes) {
        if (op.integer(POOL_CHANNELS_LAST, 0) != 1) {
            return op.add(type, attributes, op.in(0));
        }
        String images = op.transpose(op.in(0), TO_CHANNELS_FIRST);
        return op.transpose(op.add(type, attributes, images), TO_CHANNELS_LAST);
    }
}
