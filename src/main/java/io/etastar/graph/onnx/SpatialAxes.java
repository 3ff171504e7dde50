package io.etastar.graph.onnx;

import java.util.Arrays;

/**
 * The window of a convolution or pooling over one or two spatial axes.
 *
 * @param kernel sides of the window
 * @param strides steps
 * @param dilations gaps
 * @param before padding in front of each axis
 * @param after padding behind each axis
 * @param sides of the input
 */
record SpatialAxes(long[] kernel, long[] strides, long[] dilations, long[] before, long[] after, long[] sides) {
    private static final String[] AUTO_PADS = {"NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"};

    /** A window whose sides are an attribute. */
    static SpatialAxes of(OnnxNode node, Value x) {
        return of(node, x, node.integers("kernel_shape"));
    }

    /** A window whose sides are those of kernels [.., .., sides]. */
    static SpatialAxes ofKernels(OnnxNode node, Value x, Value kernels) {
        long[] window = Arrays.copyOfRange(kernels.shape(), 2, kernels.rank());
        long[] said = node.integers("kernel_shape");
        if (said.length > 0 && !Arrays.equals(said, window)) {
            throw node.error("kernel_shape " + Arrays.toString(said), "the kernels' sides " + Arrays.toString(window));
        }
        return of(node, x, window);
    }

    private static SpatialAxes of(OnnxNode node, Value x, long[] window) {
        int count = x.rank() - 2;
        if (window.length != count) {
            throw node.error("a window of sides " + Arrays.toString(window), count + " sides");
        }
        if (count != 1 && count != 2) {
            throw node.error("an input of shape " + Sides.text(x.shape()), "[N, C, L] or [N, C, H, W]");
        }
        long[] strides = orOnes(node.integers("strides"), count);
        long[] dilations = orOnes(node.integers("dilations"), count);
        long[] sides = Arrays.copyOfRange(x.shape(), 2, x.rank());
        long[] pads = node.integers("pads");
        long[] before = pads.length == 0 ? new long[count] : Arrays.copyOf(pads, count);
        long[] after = pads.length == 0 ? new long[count] : Arrays.copyOfRange(pads, count, 2 * count);
        String auto = node.word("auto_pad", AUTO_PADS);
        if (auto.equals("VALID")) {
            Arrays.fill(before, 0);
            Arrays.fill(after, 0);
        }
        if (auto.startsWith("SAME")) {
            for (int i = 0; i < count; i++) {
                long out = (sides[i] + strides[i] - 1) / strides[i];
                long total = Math.max(0, (out - 1) * strides[i] + (window[i] - 1) * dilations[i] + 1 - sides[i]);
                before[i] = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
                after[i] = total - before[i];
            }
        }
        return new SpatialAxes(window, strides, dilations, before, after, sides);
    }

    private static long[] orOnes(long[] given, int count) {
        long[] ones = new long[count];
        Arrays.fill(ones, 1);
        return given.length == 0 ? ones : given;
    }

    int count() {
        return kernel.length;
    }

    boolean symmetric() {
        return Arrays.equals(before, after);
    }

    /** Elements from the first to the last that a window reads. */
    long extent(int axis) {
        return (kernel[axis] - 1) * dilations[axis] + 1;
    }

    /** Sides of the output. */
    long[] output() {
        long[] out = new long[count()];
        for (int i = 0; i < out.length; i++) {
            out[i] = (sides[i] + before[i] + after[i] - extent(i)) / strides[i] + 1;
        }
        return out;
    }

    /** The same without padding, of an input that has it already. */
    SpatialAxes unpadded() {
        long[] padded = sides.clone();
        for (int i = 0; i < padded.length; i++) {
            padded[i] += before[i] + after[i];
        }
        return new SpatialAxes(kernel, strides, dilations, new long[count()], new long[count()], padded);
    }

    /** This padding for an input [N, C, ...]. */
    static long[] behindChannels(long... margins) {
        long[] all = new long[margins.length + 2];
        System.arraycopy(margins, 0, all, 2, margins.length);
        return all;
    }

    /** The same with padding behind for windows that begin inside, as {@code ceil_mode} has it. */
    SpatialAxes ceiled() {
        long[] behind = after.clone();
        for (int i = 0; i < behind.length; i++) {
            long room = sides[i] + before[i] + after[i] - extent(i);
            long rest = room % strides[i];
            // A window must begin inside the input or its padding in front.
            if (rest != 0 && (room / strides[i] + 1) * strides[i] < sides[i] + before[i]) {
                behind[i] += strides[i] - rest;
            }
        }
        return new SpatialAxes(kernel, strides, dilations, before, behind, sides);
    }

    /** An entry for each of two axes; of one axis, that of the columns. */
    int[] pair(long[] entries, int ofRows) {
        return count() == 2 ? new int[] {(int) entries[0], (int) entries[1]} : new int[] {ofRows, (int) entries[0]};
    }

    /** [N, C, L] as [N, C, 1, L]. */
    static Value asImages(Building b, Value x) {
        return x.rank() == 4 ? x : b.reshaped(x, Sides.inserted(x.shape(), 2, 1));
    }

    /** Images in the rank that was given. */
    Value back(Building b, Value images) {
        return count() == 2 ? images : b.reshaped(images, Sides.without(images.shape(), 2));
    }
}
