package io.etastar.graph.onnx;

import io.etastar.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.ValueInfoProto;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;

/** The inputs of a file as one placeholder of rows. */
final class Features {
    private final Building build;
    private final OnnxNetwork.Options options;
    private @Nullable SDVariable number;

    Features(Building build, OnnxNetwork.Options options) {
        this.build = build;
        this.options = options;
    }

    /** A number of each row, [N]. */
    SDVariable numberOfRow() {
        if (number == null) {
            throw new IllegalStateException();
        }
        return number;
    }

    /** Adds the placeholder and each input's value; the placeholder's name. */
    String add(List<ValueInfoProto> inputs, Map<String, Value> values) {
        if (inputs.size() == 1) {
            ValueInfoProto info = inputs.get(0);
            long[] shape = shape(info, options.input());
            boolean whole = whole(info);
            SDVariable x = placeholder(info.getName(), whole, shape);
            values.put(info.getName(), Value.of(x, whole, shape));
            number = first(x, shape);
            return x.name();
        }
        return several(inputs, values);
    }

    private String several(List<ValueInfoProto> inputs, Map<String, Value> values) {
        List<long[]> shapes = new ArrayList<>();
        long total = 0;
        for (ValueInfoProto info : inputs) {
            shapes.add(shape(info, null));
            total += Sides.length(shapes.get(shapes.size() - 1)) / Sides.BATCH;
        }
        requireOneBatch(inputs);
        boolean whole = inputs.stream().allMatch(Features::whole);
        long[] shape = {Sides.BATCH, total};
        Value row = Value.of(placeholder("x", whole, shape), whole, shape);
        long before = 0;
        for (int i = 0; i < inputs.size(); i++) {
            long length = Sides.length(shapes.get(i)) / Sides.BATCH;
            Value part = build.reshaped(build.sliced(row, 1, before, 1, length), shapes.get(i));
            values.put(inputs.get(i).getName(), new Value(null, part.variable(), part.shape(), whole(inputs.get(i))));
            before += length;
        }
        number = first(build.variable(row), shape);
        return build.variable(row).name();
    }

    /** All inputs begin with the rows of the batch: their first sides are open, or equal. */
    private static void requireOneBatch(List<ValueInfoProto> inputs) {
        long first = firstSide(inputs.get(0));
        for (ValueInfoProto input : inputs) {
            if (firstSide(input) != first) {
                throw new UserError(
                        UserError.Subject.of("model.file: input '" + input.getName() + "'"),
                        "rows " + text(firstSide(input)) + " first",
                        "the rows of the batch as of '" + inputs.get(0).getName() + "', " + text(first));
            }
        }
    }

    private static long firstSide(ValueInfoProto input) {
        return input.getType().getTensorType().getShape().getDim(0).getDimValue();
    }

    private SDVariable placeholder(String name, boolean whole, long... shape) {
        long[] sides = shape.clone();
        sides[0] = -1;
        return build.graph().placeHolder(build.free(name), whole ? DataType.INT : build.type(), sides);
    }

    private SDVariable first(SDVariable x, long... shape) {
        long length = Sides.length(shape) / Sides.BATCH;
        SDVariable rows = build.graph().reshape(x, -1, length);
        SDVariable column = build.graph()
                .stridedSlice(rows, new long[] {0, 0}, new long[] {1, 1}, new long[] {1, 1}, 1, 1, 0, 0, 0);
        SDVariable flat = build.graph().reshape(column, -1);
        return flat.dataType().isFPType() ? flat : flat.castTo(build.type());
    }

    private static boolean whole(ValueInfoProto info) {
        int type = info.getType().getTensorType().getElemType();
        if (!OnnxTensors.isKnown(type)) {
            throw new UserError(
                    UserError.Subject.of("model.file: input '" + info.getName() + "'"),
                    "type " + type + " of ONNX",
                    "numbers of 8 to 64 bits or truth");
        }
        return !OnnxTensors.isReal(type);
    }

    /** The input's shape with the batch first; sides that are open come from the description. */
    private static long[] shape(ValueInfoProto info, long @Nullable [] given) {
        List<TensorShapeProto.Dimension> sides =
                info.getType().getTensorType().getShape().getDimList();
        if (sides.isEmpty()) {
            throw new UserError(
                    UserError.Subject.of("model.file: input '" + info.getName() + "'"), "no shape", "rows [N, ...]");
        }
        long[] shape = new long[sides.size()];
        shape[0] = Sides.BATCH;
        for (int i = 1; i < shape.length; i++) {
            shape[i] = sides.get(i).getDimValue();
        }
        boolean open = Arrays.stream(shape).anyMatch(side -> side < 1);
        if (given == null ? open : given.length != shape.length - 1) {
            throw new UserError(
                    UserError.Subject.setting("model.input"),
                    given == null ? "nothing" : Arrays.toString(given),
                    "the shape of a row of input '" + info.getName() + "', which is "
                            + text(Arrays.copyOfRange(shape, 1, shape.length)));
        }
        for (int i = 1; given != null && i < shape.length; i++) {
            if (shape[i] >= 1 && shape[i] != given[i - 1]) {
                throw new UserError(
                        UserError.Subject.setting("model.input"),
                        Arrays.toString(given),
                        text(Arrays.copyOfRange(shape, 1, shape.length)) + " of input '" + info.getName() + "'");
            }
            shape[i] = given[i - 1];
        }
        return shape;
    }

    private static String text(long... shape) {
        List<String> sides = new ArrayList<>();
        for (long side : shape) {
            sides.add(side < 1 ? "open" : Long.toString(side));
        }
        return sides.toString();
    }
}
