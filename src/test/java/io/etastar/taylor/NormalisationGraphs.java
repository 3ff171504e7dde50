package io.etastar.taylor;

import io.etastar.graph.Model;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;

/** Norms, variances and normalisations. */
final class NormalisationGraphs {
    private static final double SMALL = 1e-3;

    private NormalisationGraphs() {}

    static void add(Map<String, Model> models) {
        models.put("reduce_norm2", TestGraphs.between((t, h) -> h.mul(t.graph.expandDims(h.norm2(1), 1))));
        models.put("reduce_sqnorm", TestGraphs.between((t, h) -> h.mul(0.1).mul(t.graph.squaredNorm(h, true, 1))));
        models.put("variance", TestGraphs.between((t, h) -> h.div(t.graph.variance(h, true, true, 1))));
        models.put(
                "standard deviation",
                TestGraphs.between((t, h) -> h.div(t.graph.standardDeviation(h, false, true, 1))));
        models.put("moments", TestGraphs.between((t, h) -> {
            SDVariable[] moments = t.graph.math.moments(h, new int[] {1}, true);
            return h.sub(moments[0]).mul(t.graph.math.rsqrt(moments[1].add(SMALL)));
        }));
        models.put("standardize", TestGraphs.between((t, h) -> t.graph.math.standardize(h, 1)));
        models.put(
                "layer_norm",
                TestGraphs.between(
                        (t, h) -> t.graph.nn.layerNorm(h, t.parameter("gain", 4), t.parameter("shift", 4), false, 1)));
        models.put(
                "layer_norm without a bias",
                TestGraphs.between((t, h) -> t.graph.nn.layerNorm(h, t.parameter("gain", 4), false, 1)));
        models.put("layer_norm of images", ofImages());
        models.put("batchnorm", givenStatistics());
        models.put("batch normalisation", TestGraphs.between((t, h) -> byBatch(t, "n", 4, h, 0)));
        models.put("batch normalisation of images", imagesByBatch());
        models.put("moments over the batch", TestGraphs.between((t, h) -> {
            SDVariable[] moments = t.graph.math.moments(h, new int[] {0}, true);
            return h.sub(moments[0]).mul(t.graph.math.rsqrt(moments[1].add(SMALL)));
        }));
        models.put(
                "sum over the batch",
                TestGraphs.between((t, h) -> t.graph
                        .math
                        .tanh(h)
                        .add(t.graph.math.tanh(h.mul(0.2)).sum(true, 0).mul(0.1))));
    }

    /** (h - mean) / sqrt(variance + small), times a gain, plus a shift, with the mean and variance of the batch. */
    static SDVariable byBatch(TestGraphs t, String name, int channels, SDVariable h, int... axes) {
        SDVariable centred = h.sub(h.mean(true, axes));
        SDVariable variance = t.graph.math.square(centred).mean(true, axes);
        SDVariable scaled = centred.div(t.graph.math.sqrt(variance.add(SMALL)));
        int[] shape = axes.length == 1 ? new int[] {channels} : new int[] {1, channels, 1, 1};
        return scaled.mul(t.parameter(name + ".weight", shape)).add(t.parameter(name + ".bias", shape));
    }

    private static Model ofImages() {
        TestGraphs t = new TestGraphs(false);
        SDVariable h = t.x.mul(t.parameter("scale", 1, 1, TestGraphs.HEIGHT, TestGraphs.WIDTH));
        SDVariable n = t.graph.nn.layerNorm(h, t.parameter("gain", 2), t.parameter("shift", 2), true, 1, 2, 3);
        return t.squared(t.dense(t.graph.math.tanh(n).mean(2, 3), "b", 2, TestGraphs.TARGETS));
    }

    private static Model givenStatistics() {
        TestGraphs t = new TestGraphs(false);
        SDVariable h = t.x.mul(t.parameter("scale", 1, 1, TestGraphs.HEIGHT, TestGraphs.WIDTH));
        SDVariable variance = t.graph.math.square(t.parameter("deviation", 2)).add(0.5);
        SDVariable n = t.graph.nn.batchNorm(
                h, t.parameter("mean", 2), variance, t.parameter("gain", 2), t.parameter("shift", 2), SMALL, 1);
        return t.squared(t.dense(t.graph.math.tanh(n).mean(2, 3), "b", 2, TestGraphs.TARGETS));
    }

    private static Model imagesByBatch() {
        TestGraphs t = new TestGraphs(false);
        SDVariable h = t.graph.math.tanh(t.x.mul(t.parameter("scale", 1, 2, TestGraphs.HEIGHT, TestGraphs.WIDTH)));
        SDVariable n = t.graph.math.tanh(byBatch(t, "n", 2, h, 0, 2, 3));
        return t.squared(t.dense(n.mean(2, 3), "b", 2, TestGraphs.TARGETS));
    }
}
