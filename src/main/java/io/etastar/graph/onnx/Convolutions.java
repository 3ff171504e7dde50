package io.etastar.graph.onnx;

import static io.etastar.graph.onnx.Translations.single;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;

/** Convolutions and their transposes of [N, C, L] and [N, C, H, W]. */
final class Convolutions {
    private Convolutions() {}

    static void add(Map<String, Translation> ops) {
        single(ops, "Conv", Convolutions::convolution);
        single(ops, "ConvTranspose", Convolutions::transposed);
    }

    private static Value convolution(OnnxNode n, Building b) {
        Value x = n.in(0);
        Value weight = n.in(1);
        SpatialAxes axes = SpatialAxes.ofKernels(n, x, weight);
        Value bias = n.has(2) ? n.in(2) : null;
        int groups = (int) n.integer("group", 1);
        requireChannels(n, x, weight.side(1) * groups);
        if (!axes.symmetric()) {
            x = b.padded(x, SpatialAxes.behindChannels(axes.before()), SpatialAxes.behindChannels(axes.after()));
            axes = axes.unpadded();
        }
        Value images = SpatialAxes.asImages(b, x);
        Value kernels = SpatialAxes.asImages(b, weight);
        Value out = groups == 1 ? plain(b, images, kernels, axes) : grouped(b, images, kernels, axes, groups);
        return axes.back(b, bias == null ? out : biased(b, out, bias));
    }

    private static void requireChannels(OnnxNode n, Value x, long expected) {
        if (x.side(1) != expected) {
            throw n.error(x.side(1) + " channels", expected + ", as the kernels and groups have");
        }
    }

    private static Value biased(Building b, Value images, Value bias) {
        return Value.of(b.graph().nn.biasAdd(b.real(images), b.variable(bias), true), false, images.shape());
    }

    private static Conv2DConfig config(SpatialAxes axes, WeightsFormat format) {
        int[] kernel = axes.pair(axes.kernel(), 1);
        int[] stride = axes.pair(axes.strides(), 1);
        int[] padding = axes.pair(axes.before(), 0);
        int[] dilation = axes.pair(axes.dilations(), 1);
        return Conv2DConfig.builder()
                .kH(kernel[0])
                .kW(kernel[1])
                .sH(stride[0])
                .sW(stride[1])
                .pH(padding[0])
                .pW(padding[1])
                .dH(dilation[0])
                .dW(dilation[1])
                .dataFormat("NCHW")
                .weightsFormat(format)
                .paddingMode(PaddingMode.VALID)
                .build();
    }

    private static long[] outputShape(Value images, long channels, SpatialAxes axes) {
        int[] sides = axes.pair(axes.output(), 1);
        return new long[] {images.side(0), channels, sides[0], sides[1]};
    }

    private static Value plain(Building b, Value images, Value kernels, SpatialAxes axes) {
        SDVariable out = b.graph().cnn.conv2d(b.real(images), b.variable(kernels), config(axes, WeightsFormat.OIYX));
        return Value.of(out, false, outputShape(images, kernels.side(0), axes));
    }

    /** One input channel a group is depthwise; other groups are convolutions of their channels. */
    private static Value grouped(Building b, Value images, Value kernels, SpatialAxes axes, int groups) {
        if (kernels.side(1) == 1) {
            return depthwise(b, images, kernels, axes);
        }
        long in = kernels.side(1);
        long out = kernels.side(0) / groups;
        List<Value> parts = new ArrayList<>();
        for (int g = 0; g < groups; g++) {
            Value channels = b.sliced(images, 1, g * in, 1, in);
            parts.add(plain(b, channels, b.sliced(kernels, 0, g * out, 1, out), axes));
        }
        return b.joined(1, parts);
    }

    /** Kernels [C M, 1, kH, kW], of which M read each channel, as [kH, kW, C, M]. */
    private static Value depthwise(Building b, Value images, Value kernels, SpatialAxes axes) {
        long channels = images.side(1);
        long[] split = {channels, kernels.side(0) / channels, kernels.side(2), kernels.side(3)};
        Value moved = b.transposed(b.reshaped(kernels, split), 2, 3, 0, 1);
        SDVariable out =
                b.graph().cnn.depthWiseConv2d(b.real(images), b.variable(moved), config(axes, WeightsFormat.YXIO));
        return Value.of(out, false, outputShape(images, kernels.side(0), axes));
    }

    /**
     * The transpose of a convolution: pixels with zeros between, {@code stride - 1} of them, convolved with the kernels turned around
     * and input and output channels swapped. Kernels [C, M / groups, kH, kW].
     */
    private static Value transposed(OnnxNode n, Building b) {
        Value x = n.in(0);
        Value weight = n.in(1);
        SpatialAxes axes = SpatialAxes.ofKernels(n, x, weight);
        requireChannels(n, x, weight.side(0));
        long[] more = n.integers("output_padding");
        long[] first = new long[axes.count()];
        long[] last = new long[axes.count()];
        Value spread = x;
        for (int i = 0; i < axes.count(); i++) {
            long extra = more.length == 0 ? 0 : more[i];
            long[] ends = ends(n, axes, i, extra);
            first[i] = axes.extent(i) - 1 - ends[0];
            last[i] = axes.extent(i) - 1 - ends[1] + extra;
            spread = spread(b, spread, i + 2, axes.strides()[i]);
        }
        spread = margins(b, spread, first, last);
        Value turned = turned(b, weight, (int) n.integer("group", 1));
        long[] ones = new long[axes.count()];
        Arrays.fill(ones, 1);
        SpatialAxes dense = new SpatialAxes(
                axes.kernel(),
                ones,
                axes.dilations(),
                new long[axes.count()],
                new long[axes.count()],
                Arrays.copyOfRange(spread.shape(), 2, spread.rank()));
        int groups = (int) n.integer("group", 1);
        Value images = SpatialAxes.asImages(b, spread);
        Value kernels = SpatialAxes.asImages(b, turned);
        Value out = groups == 1 ? plain(b, images, kernels, dense) : grouped(b, images, kernels, dense, groups);
        return dense.back(b, n.has(2) ? biased(b, out, n.in(2)) : out);
    }

    /** What is cut off at both ends of an axis, from {@code pads} or from the shape that is asked for. */
    private static long[] ends(OnnxNode n, SpatialAxes axes, int i, long extra) {
        long[] shape = n.integers("output_shape");
        String auto = n.text("auto_pad", "");
        boolean same = auto.startsWith("SAME");
        if (shape.length == 0 && !same) {
            return new long[] {axes.before()[i], axes.after()[i]};
        }
        long wanted = same && shape.length == 0
                ? axes.sides()[i] * axes.strides()[i]
                : shape[shape.length - axes.count() + i];
        long total = axes.strides()[i] * (axes.sides()[i] - 1) + extra + axes.extent(i) - wanted;
        long less = Math.floorDiv(total, 2);
        long before = auto.equals("SAME_UPPER") ? less : total - less;
        return new long[] {before, total - before};
    }

    /** Zeros between the elements of an axis: times - 1 of them. */
    private static Value spread(Building b, Value x, int axis, long times) {
        if (times == 1) {
            return x;
        }
        Value column = b.reshaped(x, Sides.inserted(x.shape(), axis + 1, 1));
        long[] behind = new long[column.rank()];
        behind[axis + 1] = times - 1;
        Value wide = b.padded(column, new long[column.rank()], behind);
        Value joined = b.reshaped(wide, Sides.with(x.shape(), axis, x.side(axis) * times));
        return b.sliced(joined, axis, 0, 1, (x.side(axis) - 1) * times + 1);
    }

    /** Zeros at the ends of the spatial axes, or elements less where a margin is below 0. */
    private static Value margins(Building b, Value x, long[] first, long[] last) {
        Value result = x;
        for (int i = 0; i < first.length; i++) {
            long cut = Math.max(0, -first[i]);
            long kept = result.side(i + 2) - cut - Math.max(0, -last[i]);
            result = b.sliced(result, i + 2, cut, 1, kept);
        }
        long[] before = Arrays.stream(first).map(v -> Math.max(0, v)).toArray();
        long[] after = Arrays.stream(last).map(v -> Math.max(0, v)).toArray();
        return b.padded(result, SpatialAxes.behindChannels(before), SpatialAxes.behindChannels(after));
    }

    /** [C, M / groups, ...] as [M, C / groups, ...] with the spatial axes backwards. */
    private static Value turned(Building b, Value weight, int groups) {
        long in = weight.side(0) / groups;
        long out = weight.side(1);
        long[] spatial = Arrays.copyOfRange(weight.shape(), 2, weight.rank());
        Value split = b.reshaped(weight, Sides.inserted(Sides.with(weight.shape(), 0, in), 0, groups));
        Value swapped = b.swapped(split, 1, 2);
        long[] shape = Sides.inserted(Sides.inserted(spatial, 0, in), 0, groups * out);
        Value result = b.reshaped(swapped, shape);
        for (int i = 2; i < result.rank(); i++) {
            long side = result.side(i);
            result = b.sliced(result, i, side - 1, -1, side);
        }
        return result;
    }
}
