package io.etastar.graph.onnx;

import static io.etastar.graph.onnx.Translations.single;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ops.impl.layers.convolution.Pooling2D;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;

/** Largest and mean elements of windows. */
final class Poolings {
    /** Below all that a network computes. */
    private static final double LOWEST = -1e30;

    private Poolings() {}

    static void add(Map<String, Translation> ops) {
        ops.put("MaxPool", Poolings::largest);
        single(ops, "AveragePool", Poolings::mean);
        single(ops, "GlobalMaxPool", (n, b) -> largest(b, n.in(0), true, spatial(n.in(0))));
        single(ops, "GlobalAveragePool", (n, b) -> b.mean(n.in(0), true, spatial(n.in(0))));
    }

    private static int[] spatial(Value x) {
        return Arrays.stream(Sides.range(x.rank())).skip(2).toArray();
    }

    /** Largest elements over some axes, one axis after another; the first of equal ones wins. */
    static Value largest(Building b, Value x, boolean keep, int... axes) {
        Value result = x;
        for (int axis : axes) {
            result = largest(b, result, axis);
        }
        if (keep) {
            return result;
        }
        int[] falling = Arrays.stream(axes)
                .map(axis -> -axis)
                .sorted()
                .map(axis -> -axis)
                .toArray();
        for (int axis : falling) {
            result = b.reshaped(result, Sides.without(result.shape(), axis));
        }
        return result;
    }

    /** The axis as the rows of images of one channel and one column, under one window. */
    private static Value largest(Building b, Value x, int axis) {
        long side = x.side(axis);
        int last = x.rank() - 1;
        if (Sides.ofBatch(side)) {
            throw new IllegalArgumentException("the largest of the rows of the batch");
        }
        Value moved = b.swapped(x, axis, last);
        Value images = b.reshaped(moved, Sides.length(moved.shape()) / side, 1, side, 1);
        Pooling2DConfig config =
                config(new int[] {(int) side, 1}, new int[] {(int) side, 1}, new int[2], new int[] {1, 1});
        Value pooled = Value.of(b.graph().cnn.maxPooling2d(b.real(images), config), false, images.side(0), 1, 1, 1);
        return b.swapped(b.reshaped(pooled, Sides.with(moved.shape(), last, 1)), axis, last);
    }

    private static Pooling2DConfig config(int[] kernel, int[] stride, int[] padding, int[] dilation) {
        return Pooling2DConfig.builder()
                .kH(kernel[0])
                .kW(kernel[1])
                .sH(stride[0])
                .sW(stride[1])
                .pH(padding[0])
                .pW(padding[1])
                .dH(dilation[0])
                .dW(dilation[1])
                .paddingMode(PaddingMode.VALID)
                .divisor(Pooling2D.Divisor.INCLUDE_PADDING)
                .isNHWC(false)
                .build();
    }

    private static Pooling2DConfig config(SpatialAxes axes) {
        return config(
                axes.pair(axes.kernel(), 1),
                axes.pair(axes.strides(), 1),
                axes.pair(axes.before(), 0),
                axes.pair(axes.dilations(), 1));
    }

    private static List<@Nullable Value> largest(OnnxNode n, Building b) {
        Value x = n.in(0);
        SpatialAxes axes = SpatialAxes.of(n, x);
        // The order of indices, which are not computed.
        n.passOver("storage_order");
        axes = n.flag("ceil_mode", false) ? axes.ceiled() : axes;
        if (!axes.symmetric()) {
            x = lowAround(b, x, axes);
            axes = axes.unpadded();
        }
        Value images = SpatialAxes.asImages(b, x);
        SDVariable pooled = b.graph().cnn.maxPooling2d(b.real(images), config(axes));
        Value out = axes.back(b, Value.of(pooled, false, outputShape(images, axes)));
        return java.util.Collections.singletonList(out);
    }

    private static long[] outputShape(Value images, SpatialAxes axes) {
        int[] sides = axes.pair(axes.output(), 1);
        return new long[] {images.side(0), images.side(1), sides[0], sides[1]};
    }

    /** x with elements around that no window takes for its largest. */
    private static Value lowAround(Building b, Value x, SpatialAxes axes) {
        Value padded = b.padded(x, SpatialAxes.behindChannels(axes.before()), SpatialAxes.behindChannels(axes.after()));
        Value inside = insides(axes);
        return b.add(padded, b.multiply(b.subtract(Value.of(Constant.number(1, false)), inside), LOWEST));
    }

    /** 1 inside the input and 0 on its padding, [1, 1, ...]. */
    private static Value insides(SpatialAxes axes) {
        SpatialAxes padded = axes.unpadded();
        long[] shape = SpatialAxes.behindChannels(padded.sides());
        shape[0] = 1;
        shape[1] = 1;
        double[] values = new double[(int) Sides.length(shape)];
        Arrays.fill(values, 1);
        Constant mask = Constant.of(false, shape, values);
        for (int i = 0; i < axes.count(); i++) {
            double[] line = new double[(int) padded.sides()[i]];
            Arrays.fill(line, (int) axes.before()[i], (int) (axes.before()[i] + axes.sides()[i]), 1);
            long[] sides = new long[shape.length];
            Arrays.fill(sides, 1);
            sides[i + 2] = line.length;
            mask = Constant.combine(mask, Constant.of(false, sides, line), false, (p, q) -> p * q);
        }
        return Value.of(mask);
    }

    /** Means of padded windows, times kernel elements over those that count, where some do not. */
    private static Value mean(OnnxNode n, Building b) {
        Value x = n.in(0);
        SpatialAxes given = SpatialAxes.of(n, x);
        SpatialAxes axes = n.flag("ceil_mode", false) ? given.ceiled() : given;
        boolean countPadding = n.flag("count_include_pad", false);
        Constant counts = counts(axes, countPadding ? given : null);
        x = b.padded(x, SpatialAxes.behindChannels(axes.before()), SpatialAxes.behindChannels(axes.after()));
        axes = axes.unpadded();
        Value images = SpatialAxes.asImages(b, x);
        SDVariable pooled = b.graph().cnn.avgPooling2d(b.real(images), config(axes));
        Value out = axes.back(b, Value.of(pooled, false, outputShape(images, axes)));
        double whole = Sides.length(axes.kernel());
        return counts.uniform() && counts.values()[0] == whole
                ? out
                : b.multiply(out, Value.of(counts.map(count -> whole / count, false)));
    }

    /** Elements of each window that count: those of the input, or those of the padding that was given as well. */
    private static Constant counts(SpatialAxes axes, @Nullable SpatialAxes given) {
        long[] out = axes.output();
        Constant counts = Constant.number(1, false);
        for (int i = 0; i < axes.count(); i++) {
            long from = given == null ? axes.before()[i] : 0;
            long to = given == null
                    ? axes.before()[i] + axes.sides()[i]
                    : axes.before()[i] + axes.sides()[i] + given.after()[i];
            double[] line = new double[(int) out[i]];
            for (int j = 0; j < line.length; j++) {
                for (int k = 0; k < axes.kernel()[i]; k++) {
                    long at = j * axes.strides()[i] + k * axes.dilations()[i];
                    line[j] += at >= from && at < to ? 1 : 0;
                }
            }
            long[] sides = new long[axes.count() + 2];
            Arrays.fill(sides, 1);
            sides[i + 2] = line.length;
            counts = Constant.combine(counts, Constant.of(false, sides, line), false, (p, q) -> p * q);
        }
        return counts;
    }
}
