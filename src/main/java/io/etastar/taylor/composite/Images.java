package io.etastar.taylor.composite;

import io.etastar.graph.GraphOp;
import java.util.Arrays;
import java.util.List;

/** Convolutions and poolings in other layouts than images [N, C, H, W] and weights [out, in, rows, columns]. */
public final class Images {
    private static final int CHANNELS_LAST = 9;
    private static final int WEIGHT_LAYOUT = 10;
    private static final long[] TO_CHANNELS_FIRST = {0, 3, 1, 2};
    private static final long[] TO_CHANNELS_LAST = {0, 2, 3, 1};

    private Images() {}

    /** A convolution, and the bias that it adds to each channel as an op of its own. */
    public static List<GraphOp> withoutBias(GraphOp source) {
        if (source.inputs().size() == 2) {
            return List.of(source);
        }
        String product = source.output() + "#0";
        boolean channelsFirst = source.integers().length <= CHANNELS_LAST || source.integers()[CHANNELS_LAST] == 0;
        GraphOp bias = GraphOp.of(
                source.name(), "biasadd", List.of(product, source.inputs().get(2)), source.output());
        return List.of(
                source.with(source.inputs().subList(0, 2), product),
                bias.withAxes(false, new boolean[] {channelsFirst}));
    }

    /** Weights [rows, columns, in, out] and [out, rows, columns, in] are turned. */
    public static void convolution(Decomposer p) {
        long layout = p.integer(WEIGHT_LAYOUT, 0);
        boolean last = p.integer(CHANNELS_LAST, 0) == 1;
        if (layout == 1 && !last) {
            return;
        }
        String weight = p.in(1);
        if (layout != 1) {
            weight = p.integers("permute", layout == 0 ? new long[] {3, 2, 0, 1} : TO_CHANNELS_FIRST, weight);
        }
        long[] arguments = Arrays.copyOf(p.source().integers(), WEIGHT_LAYOUT + 1);
        arguments[CHANNELS_LAST] = 0;
        arguments[WEIGHT_LAYOUT] = 1;
        String images = last ? p.integers("permute", TO_CHANNELS_FIRST, p.in(0)) : p.in(0);
        back(p, last, p.integers("conv2d", arguments, images, weight));
    }

    private static void back(Decomposer p, boolean last, String output) {
        if (last) {
            p.integers("permute", TO_CHANNELS_LAST, output);
        }
    }

    /** A bias after the convolution; channels last are moved. */
    public static void depthwise(Decomposer p) {
        boolean last = p.integer(CHANNELS_LAST, 0) == 1;
        if (p.source().inputs().size() == 3) {
            p.flags("biasadd", new boolean[] {!last}, p.again(p.in(0), p.in(1)), p.in(2));
        } else if (last) {
            moved(p, CHANNELS_LAST, p.in(1));
        }
    }

    /** Channels last are moved. */
    public static void pool(Decomposer p) {
        if (p.integer(WEIGHT_LAYOUT, 0) == 1) {
            moved(p, WEIGHT_LAYOUT);
        }
    }

    /** The op on channels first, with the integer that says so set to 0. */
    private static void moved(Decomposer p, int flag, String... more) {
        long[] arguments = p.source().integers().clone();
        arguments[flag] = 0;
        String[] inputs = new String[more.length + 1];
        inputs[0] = p.integers("permute", TO_CHANNELS_FIRST, p.in(0));
        System.arraycopy(more, 0, inputs, 1, more.length);
        back(p, true, p.integers(p.source().type(), arguments, inputs));
    }
}
