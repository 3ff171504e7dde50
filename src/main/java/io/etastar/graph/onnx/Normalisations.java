package io.etastar.graph.onnx;

import static io.etastar.graph.onnx.Translations.single;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;

/** Normalisations, from means and squares: their derivatives are those of the composition. Variances are divided by n. */
final class Normalisations {
    private static final double EPSILON = 1e-5;

    private Normalisations() {}

    /** The type that statistics are computed in. */
    private static final String PRECISION = "stash_type";

    /** ONNX's own. */
    private static final double LEAST_DEVIATION = 1e-9;

    private static final int TRAINING_IS_SAID = 14;

    static void add(Map<String, Translation> ops) {
        ops.put("BatchNormalization", Normalisations::batch);
        ops.put("LayerNormalization", Normalisations::layer);
        single(ops, "InstanceNormalization", (n, b) -> {
            Value x = n.in(0);
            int[] axes = IntStream.range(2, x.rank()).toArray();
            Value y = standardised(b, x, n.real("epsilon", EPSILON), axes);
            return scaled(b, y, channels(b, x, n.in(1)), channels(b, x, n.in(2)));
        });
        single(ops, "GroupNormalization", Normalisations::group);
        single(ops, "RMSNormalization", (n, b) -> {
            n.passOver(PRECISION);
            Value x = n.in(0);
            int[] axes = IntStream.range(n.axis("axis", -1, x.rank()), x.rank()).toArray();
            Value inverse = b.inverseRoot(b.mean(b.square(x), true, axes), n.real("epsilon", EPSILON));
            return b.multiply(b.multiply(x, inverse), n.in(1));
        });
        single(ops, "MeanVarianceNormalization", (n, b) -> {
            int[] axes = n.has("axes")
                    ? Arrays.stream(n.integers("axes"))
                            .mapToInt(a -> Sides.axis(a, n.in(0).rank()))
                            .toArray()
                    : new int[] {0, 2, 3};
            Value centred = b.subtract(n.in(0), b.mean(n.in(0), true, axes));
            Value deviation = root(b, b.mean(b.square(centred), true, axes));
            return b.divide(centred, b.add(deviation, LEAST_DEVIATION));
        });
        single(ops, "LpNormalization", (n, b) -> {
            Value x = n.in(0);
            int axis = n.axis("axis", -1, x.rank());
            long p = n.integer("p", 2);
            if (p != 1 && p != 2) {
                throw n.error("p " + p, "1 or 2");
            }
            Value size = p == 1
                    ? b.sum(b.unary(x, Math::abs, v -> b.graph().math.abs(v)), true, axis)
                    : root(b, b.sum(b.square(x), true, axis));
            return b.divide(x, size);
        });
    }

    private static Value root(Building b, Value x) {
        return b.unary(x, Math::sqrt, v -> b.graph().math.sqrt(v));
    }

    /** (x - mean) (variance + e)^(-1/2). */
    private static Value standardised(Building b, Value x, double epsilon, int... axes) {
        Value centred = b.subtract(x, b.mean(x, true, axes));
        return b.multiply(centred, b.inverseRoot(b.mean(b.square(centred), true, axes), epsilon));
    }

    private static Value scaled(Building b, Value x, Value scale, @Nullable Value shift) {
        Value y = b.multiply(x, scale);
        return shift == null ? y : b.add(y, shift);
    }

    /** A vector over axis 1 of x. */
    private static Value channels(Building b, Value x, Value vector) {
        long[] shape = new long[x.rank() - 1];
        Arrays.fill(shape, 1);
        shape[0] = x.side(1);
        return b.reshaped(vector, shape);
    }

    /**
     * By the running statistics of the file, or by those of the batch, whose variables have the names of the running ones: what a
     * trained model keeps takes their place.
     */
    private static List<@Nullable Value> batch(OnnxNode n, Building b) {
        Value x = n.in(0);
        double epsilon = n.real("epsilon", EPSILON);
        Value scale = channels(b, x, n.in(1));
        Value shift = channels(b, x, n.in(2));
        // Of running statistics, which a trained model measures.
        n.passOver("momentum");
        n.passOverInputs(3, 4);
        requireSpatial(n);
        boolean said = n.opset() < TRAINING_IS_SAID ? n.proto().getOutputCount() > 1 : n.flag("training_mode", false);
        boolean training = b.batchStatistics() == null ? said : b.batchStatistics();
        if (!training) {
            Value inverse = b.inverseRoot(channels(b, x, n.in(4)), epsilon);
            Value centred = b.subtract(x, channels(b, x, n.in(3)));
            Value y = b.add(b.multiply(centred, b.multiply(inverse, scale)), shift);
            return Arrays.asList(y, n.in(3), n.in(4));
        }
        int[] axes = IntStream.range(0, x.rank()).filter(i -> i != 1).toArray();
        SDVariable variable = b.real(x);
        SDVariable centred = variable.sub(variable.mean(b.free(n.proto().getInput(3)), true, axes));
        SDVariable variance =
                b.graph().math.square(centred).mean(b.free(n.proto().getInput(4)), true, axes);
        SDVariable inverse = b.graph().math.rsqrt(variance.add(epsilon));
        SDVariable factor = inverse.mul(b.variable(scale));
        Value y = Value.of(centred.mul(factor).add(b.variable(shift)), false, x.shape());
        // Without the running statistics after the batch, which are not computed.
        return Collections.singletonList(y);
    }

    /** Statistics of each channel, not of each element, as before opset 9 they could be. */
    private static void requireSpatial(OnnxNode n) {
        if (!n.flag("spatial", true)) {
            throw n.error("spatial 0", "1");
        }
    }

    private static List<@Nullable Value> layer(OnnxNode n, Building b) {
        n.passOver(PRECISION);
        Value x = n.in(0);
        int[] axes = IntStream.range(n.axis("axis", -1, x.rank()), x.rank()).toArray();
        Value mean = b.mean(x, true, axes);
        Value centred = b.subtract(x, mean);
        Value inverse = b.inverseRoot(b.mean(b.square(centred), true, axes), n.real("epsilon", EPSILON));
        Value y = scaled(b, b.multiply(centred, inverse), n.in(1), n.has(2) ? n.in(2) : null);
        return Arrays.asList(y, mean, inverse);
    }

    /** Scale and shift of each channel since opset 21, of each group before. */
    private static Value group(OnnxNode n, Building b) {
        Value x = n.in(0);
        n.passOver(PRECISION);
        long groups = n.required("num_groups");
        long[] apart = Sides.inserted(Sides.with(x.shape(), 1, x.side(1) / groups), 1, groups);
        Value y = b.reshaped(x, apart);
        y = standardised(
                b,
                y,
                n.real("epsilon", EPSILON),
                IntStream.range(2, apart.length).toArray());
        if (n.in(1).side(0) == x.side(1)) {
            return scaled(b, b.reshaped(y, x.shape()), channels(b, x, n.in(1)), channels(b, x, n.in(2)));
        }
        return b.reshaped(scaled(b, y, channels(b, y, n.in(1)), channels(b, y, n.in(2))), x.shape());
    }
}
