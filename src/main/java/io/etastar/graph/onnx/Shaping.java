package io.etastar.graph.onnx;

import static io.etastar.graph.onnx.Translations.single;

import java.util.Arrays;
import java.util.Map;
import onnx.Onnx.AttributeProto;

/** Shapes as numbers, and arrays made from numbers. */
final class Shaping {
    private Shaping() {}

    static void add(Map<String, Translation> ops) {
        single(ops, "Shape", (n, b) -> {
            long[] shape = n.in(0).shape();
            int start = end(n.integer("start", 0), shape.length);
            int end = end(n.integer("end", shape.length), shape.length);
            return Value.of(Constant.wholes(Arrays.copyOfRange(shape, start, Math.max(start, end))));
        });
        single(
                ops,
                "Size",
                (n, b) -> Value.of(Constant.number(Sides.length(n.in(0).shape()), true)));
        single(ops, "Constant", (n, b) -> Value.of(constant(n)));
        single(ops, "ConstantOfShape", (n, b) -> {
            AttributeProto value = n.attribute("value");
            Constant fill =
                    value == null ? Constant.number(0, false) : OnnxTensors.read(value.getT(), name -> new byte[0]);
            Constant one = Constant.number(fill.values()[0], fill.whole());
            long[] shape = n.constant(0).longs();
            return Value.of(one.expanded(b.batch().expanded(n, new long[0], shape)));
        });
        single(ops, "Range", (n, b) -> Value.of(range(n)));
        single(ops, "NonZero", (n, b) -> Value.of(nonZero(n.constant(0))));
    }

    private static int end(long given, int rank) {
        return (int) Math.max(0, Math.min(rank, given < 0 ? given + rank : given));
    }

    private static Constant constant(OnnxNode n) {
        AttributeProto tensor = n.attribute("value");
        if (tensor != null) {
            return OnnxTensors.meant(OnnxTensors.read(tensor.getT(), name -> new byte[0]));
        }
        if (n.has("value_int")) {
            return Constant.number(n.integer("value_int", 0), true);
        }
        if (n.has("value_float")) {
            return Constant.number(n.real("value_float", 0), false);
        }
        if (n.has("value_ints")) {
            return Constant.wholes(n.integers("value_ints"));
        }
        AttributeProto floats = n.attribute("value_floats");
        if (floats == null) {
            throw n.error("no numbers", "value, value_int(s) or value_float(s)");
        }
        double[] values =
                floats.getFloatsList().stream().mapToDouble(Float::doubleValue).toArray();
        return Constant.of(false, new long[] {values.length}, values);
    }

    private static Constant range(OnnxNode n) {
        double start = n.constant(0).single();
        double step = n.constant(2).single();
        int count = (int) Math.max(0, Math.ceil((n.constant(1).single() - start) / step));
        if (count >= Sides.BATCH) {
            throw n.error("a number for each row of the batch", "rows that do not know their place");
        }
        double[] values = new double[count];
        Arrays.setAll(values, i -> start + i * step);
        return Constant.of(n.constant(0).whole() && n.constant(2).whole(), new long[] {count}, values);
    }

    /** Positions of what is not 0, [rank, count]. */
    private static Constant nonZero(Constant x) {
        if (x.repeatsAlongBatch()) {
            throw new IllegalArgumentException("places of rows of the batch");
        }
        int[] found = java.util.stream.IntStream.range(0, x.values().length)
                .filter(i -> x.values()[i] != 0)
                .toArray();
        int rank = x.shape().length;
        double[] places = new double[rank * found.length];
        for (int i = 0; i < found.length; i++) {
            long rest = found[i];
            for (int k = rank - 1; k >= 0; k--) {
                places[k * found.length + i] = rest % x.shape()[k];
                rest /= x.shape()[k];
            }
        }
        return Constant.of(true, new long[] {rank, found.length}, places);
    }
}
