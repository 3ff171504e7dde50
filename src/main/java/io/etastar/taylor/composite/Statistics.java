package io.etastar.taylor.composite;

import io.etastar.taylor.graph.Op;
import java.util.Arrays;

/** Variances and normalisations from means, squares and products. */
public final class Statistics {
    private Statistics() {}

    /** A reduction of {@code input} over the axes of the source. */
    public static String reduce(Decomposer p, String type, String input) {
        return p.reduction(type, p.source().keepAxes(), false, p.source().axes(), input);
    }

    /** x less its mean over {@code axes}. */
    private static String centred(Decomposer p, int... axes) {
        return p.part("subtract", p.in(0), p.reduction("reduce_mean", true, false, axes, p.in(0)));
    }

    /** Mean of (x - mean)^2, or their sum over n - 1 if the op's flag asks for the correction of the bias. */
    public static String variance(Decomposer p) {
        String squares = p.part("square", centred(p, p.source().axes()));
        return p.reduction(
                "reduce_mean", p.source().keepAxes(), p.flag(0), p.source().axes(), squares);
    }

    /** Mean, or variance for the second output. */
    public static void moments(Decomposer p) {
        int[] axes = axes(p);
        if (p.outputIndex() == 0) {
            p.reduction("reduce_mean", p.flag(0), false, axes, p.in(0));
        } else {
            p.reduction("reduce_mean", p.flag(0), false, axes, p.part("square", centred(p, axes)));
        }
    }

    private static int[] axes(Decomposer p) {
        return Arrays.stream(p.source().integers()).mapToInt(p::axis).toArray();
    }

    /** (x - mean) variance^(-1/2) over the axes among the integers; without a small number in the variance. */
    public static String standardise(Decomposer p, String x) {
        int[] axes = axes(p);
        String centred = p.part("subtract", x, p.reduction("reduce_mean", true, false, axes, x));
        String variance = p.reduction("reduce_mean", true, false, axes, p.part("square", centred));
        return p.part("multiply", centred, p.part("rsqrt", variance));
    }

    /** Standardised x times a gain, plus a bias; both over the channels (axis 1) if the flag says so, else the last axes. */
    public static void layerNorm(Decomposer p) {
        String y = p.part("multiply", standardise(p, p.in(0)), aligned(p, 1));
        if (p.source().inputs().size() > 2) {
            p.part("add", y, aligned(p, 2));
        }
    }

    private static String aligned(Decomposer p, int input) {
        return p.flag(0) ? channels(p, input, 1) : p.in(input);
    }

    /** A vector over axis {@code axis} of the first input. */
    private static String channels(Decomposer p, int input, int axis) {
        int[] shape = new int[p.shape(0).length];
        Arrays.fill(shape, 1);
        shape[axis] = p.shape(0)[axis];
        if (p.shape(input).length != 1 || p.shape(input)[0] != shape[axis]) {
            throw Op.rank(p.source(), p.shape(input), shape[axis] + " numbers, one for each of axis " + axis);
        }
        return p.view(p.in(input), shape);
    }

    /** (x - mean) (variance + e)^(-1/2) gain + shift with all four given; integers: has gain, has shift, axis. */
    public static void batchNorm(Decomposer p) {
        if (p.source().integers().length != 3) {
            throw Op.error(p.source(), "found " + p.source().integers().length + " integer arguments, expected 3");
        }
        int axis = p.axis(p.integer(2, 1));
        String scale = p.part("rsqrt", p.scalars("add_scalar", p.scalar(0, 1e-5), channels(p, 2, axis)));
        String y = p.part("multiply", p.part("subtract", p.in(0), channels(p, 1, axis)), scale);
        int next = 3;
        if (p.integer(0, 0) == 1) {
            y = p.part("multiply", y, channels(p, next++, axis));
        }
        if (p.integer(1, 0) == 1) {
            p.part("add", y, channels(p, next, axis));
        }
    }
}
