package io.etastar.taylor;

import io.etastar.graph.Model;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;

/** Building blocks of networks: residual, depthwise, embedding, attention. */
final class BlockGraphs {
    private BlockGraphs() {}

    static void add(Map<String, Model> models) {
        models.put("depthwise_conv2d", depthwise(1, 1, 1, PaddingMode.VALID, false));
        models.put("depthwise_conv2d doubled", depthwise(2, 1, 1, PaddingMode.SAME, true));
        models.put("depthwise_conv2d strided", depthwise(1, 2, 1, PaddingMode.SAME, false));
        models.put("depthwise_conv2d dilated", depthwise(1, 1, 2, PaddingMode.VALID, false));
        models.put("conv2d channels last", channelsLast(WeightsFormat.YXIO));
        models.put("conv2d of another layout", channelsLast(WeightsFormat.OYXI));
        models.put("upsampling2d", enlarged());
        models.put("dot_product_attention", attentionOp());
        models.put("depthwise block", depthwiseBlock());
        models.put("residual block", residual());
        models.put("embedding", embedding());
        models.put("attention", attention());
        models.put("transformer block", transformer());
    }

    private static Conv2DConfig.Conv2DConfigBuilder window(int rows, int columns) {
        return Conv2DConfig.builder().kH(rows).kW(columns).dataFormat("NCHW").paddingMode(PaddingMode.SAME);
    }

    private static SDVariable convolution(TestGraphs t, String name, SDVariable h, int in, int out, int side) {
        SDVariable w = t.parameter(name, out, in, side, side);
        return t.graph.cnn.conv2d(
                h, w, window(side, side).weightsFormat(WeightsFormat.OIYX).build());
    }

    private static Model depthwise(int multiplier, int stride, int dilation, PaddingMode mode, boolean withBias) {
        TestGraphs t = new TestGraphs(false);
        Conv2DConfig config = window(3, 2)
                .sH(stride)
                .sW(stride)
                .dH(dilation)
                .dW(dilation)
                .paddingMode(mode)
                .build();
        SDVariable h = t.graph.math.tanh(t.x.mul(t.parameter("scale", 1, 2, TestGraphs.HEIGHT, TestGraphs.WIDTH)));
        SDVariable w = t.parameter("w", 3, 2, 2, multiplier);
        SDVariable z = withBias
                ? t.graph.cnn.depthWiseConv2d(h, w, t.parameter("b", 2 * multiplier), config)
                : t.graph.cnn.depthWiseConv2d(h, w, config);
        SDVariable pooled = t.graph.math.tanh(z).mean(2, 3);
        return t.squared(t.dense(pooled, "c", 2 * multiplier, TestGraphs.TARGETS));
    }

    /** Two convolutions, one of them depthwise, and two poolings over images [N, H, W, C]. */
    private static Model channelsLast(WeightsFormat format) {
        TestGraphs t = new TestGraphs(false);
        boolean plain = format == WeightsFormat.YXIO;
        SDVariable w = plain ? t.parameter("w", 3, 2, 2, 3) : t.parameter("w", 3, 3, 2, 2);
        Conv2DConfig config =
                window(3, 2).dataFormat("NHWC").weightsFormat(format).build();
        SDVariable h =
                t.graph.math.tanh(t.graph.cnn.conv2d(t.graph.permute(t.x, 0, 2, 3, 1), w, t.parameter("b", 3), config));
        Pooling2DConfig pool = Pooling2DConfig.builder()
                .kH(2)
                .kW(2)
                .sH(1)
                .sW(1)
                .paddingMode(PaddingMode.VALID)
                .isNHWC(true)
                .build();
        SDVariable pooled = plain ? t.graph.cnn.avgPooling2d(h, pool) : t.graph.cnn.maxPooling2d(h, pool);
        SDVariable deep = t.graph.cnn.depthWiseConv2d(
                pooled,
                t.parameter("v", 2, 2, 3, 1),
                window(2, 2).dataFormat("NHWC").paddingMode(PaddingMode.VALID).build());
        return t.squared(t.dense(t.graph.math.tanh(deep).mean(1, 2), "c", 3, TestGraphs.TARGETS));
    }

    private static Model enlarged() {
        TestGraphs t = new TestGraphs(false);
        SDVariable wide = t.graph.cnn.upsampling2d(t.graph.math.tanh(convolution(t, "w", t.x, 2, 2, 3)), 2, 3, true);
        SDVariable h = t.graph.math.tanh(convolution(t, "v", wide, 2, 3, 2));
        return t.squared(t.dense(h.mean(2, 3), "c", 3, TestGraphs.TARGETS));
    }

    /** Queries, keys and values [N, features, positions]. */
    private static Model attentionOp() {
        TestGraphs t = new TestGraphs(false);
        SDVariable h = t.graph.math.tanh(t.dense(t.flat(), "a", TestGraphs.FEATURES, 12));
        SDVariable q = t.graph.reshape(h, -1, 3, 4);
        SDVariable k = t.graph.reshape(t.dense(h, "key", 12, 6), -1, 3, 2);
        SDVariable v = t.graph.reshape(t.dense(h, "value", 12, 6), -1, 3, 2);
        SDVariable mixed = t.graph.nn.dotProductAttention(q, k, v, null, true);
        return t.squared(t.dense(t.graph.reshape(mixed, -1, 12), "b", 12, TestGraphs.TARGETS));
    }

    /** 1x1 convolution, depthwise convolution, 1x1 convolution, added to what came in. */
    private static Model depthwiseBlock() {
        TestGraphs t = new TestGraphs(false);
        SDVariable wide = t.graph.nn.elu(convolution(t, "expand", t.x, 2, 4, 1));
        SDVariable deep = t.graph.cnn.depthWiseConv2d(
                wide, t.parameter("depthwise", 3, 3, 4, 1), window(3, 3).build());
        SDVariable narrow = convolution(t, "project", t.graph.math.tanh(deep), 4, 2, 1);
        SDVariable pooled = t.graph.math.tanh(t.x.add(narrow)).mean(2, 3);
        return t.squared(t.dense(pooled, "c", 2, TestGraphs.TARGETS));
    }

    /** Two 3x3 convolutions with batch normalisation, added to what came in; then global pooling. */
    private static Model residual() {
        TestGraphs t = new TestGraphs(false);
        SDVariable first = NormalisationGraphs.byBatch(t, "bn1", 2, convolution(t, "conv1", t.x, 2, 2, 3), 0, 2, 3);
        SDVariable inner = t.graph.nn.elu(first);
        SDVariable second = NormalisationGraphs.byBatch(t, "bn2", 2, convolution(t, "conv2", inner, 2, 2, 3), 0, 2, 3);
        SDVariable h = t.graph.math.tanh(t.x.add(second));
        return t.squared(t.dense(h.mean(2, 3), "fc", 2, TestGraphs.TARGETS));
    }

    private static Model embedding() {
        TestGraphs t = TestGraphs.ofWords(true, 4);
        SDVariable words = t.graph.gather(t.parameter("table", TestGraphs.WORDS, 3), t.x, 0);
        SDVariable flat = t.graph.reshape(t.graph.math.tanh(words), -1, 12);
        SDVariable z = t.dense(flat, "b", 12, TestGraphs.TARGETS);
        t.graph.loss.sparseSoftmaxCrossEntropy("loss", z, t.y);
        return t.model(z);
    }

    /** softmax(q k^T / sqrt(d)) v of three linear maps of [N, T, d]. */
    private static SDVariable attend(TestGraphs t, SDVariable h, int d) {
        SDVariable q = t.graph.mmul(h, t.parameter("query", d, d));
        SDVariable k = t.graph.mmul(h, t.parameter("key", d, d));
        SDVariable v = t.graph.mmul(h, t.parameter("value", d, d));
        SDVariable scores = t.graph.mmul(null, q, k, false, true, false).div(Math.sqrt(d));
        return t.graph.mmul(t.graph.nn.softmax(scores), v);
    }

    private static Model attention() {
        TestGraphs t = new TestGraphs(false);
        SDVariable h = t.graph.reshape(t.graph.math.tanh(t.dense(t.flat(), "a", TestGraphs.FEATURES, 12)), -1, 4, 3);
        SDVariable mixed = t.graph.reshape(attend(t, h, 3), -1, 12);
        return t.squared(t.dense(mixed, "b", 12, TestGraphs.TARGETS));
    }

    /** Embedding and positions, two heads of attention and a gelu layer, each normalised before and added. */
    private static Model transformer() {
        TestGraphs t = TestGraphs.ofWords(true, 3);
        int d = 4;
        SDVariable h = t.graph
                .gather(t.parameter("words", TestGraphs.WORDS, d), t.x, 0)
                .add(t.parameter("places", 3, d));
        SDVariable n = t.graph.nn.layerNorm(h, t.parameter("gain1", d), t.parameter("shift1", d), false, 2);
        SDVariable[] qkv = new SDVariable[3];
        for (int i = 0; i < 3; i++) {
            SDVariable part = t.graph.mmul(n, t.parameter("qkv" + i, d, d));
            qkv[i] = t.graph.permute(t.graph.reshape(part, -1, 3, 2, 2), 0, 2, 1, 3);
        }
        SDVariable scores =
                t.graph.mmul(null, qkv[0], qkv[1], false, true, false).div(Math.sqrt(2));
        SDVariable mixed = t.graph.permute(t.graph.mmul(t.graph.nn.softmax(scores), qkv[2]), 0, 2, 1, 3);
        h = h.add(t.graph.reshape(mixed, -1, 3, d));
        SDVariable m = t.graph.nn.layerNorm(h, t.parameter("gain2", d), t.parameter("shift2", d), false, 2);
        SDVariable wide = t.graph.nn.gelu(t.graph.mmul(m, t.parameter("up", d, 5)));
        h = h.add(t.graph.mmul(wide, t.parameter("down", 5, d)));
        SDVariable z = t.dense(h.mean(1), "head", d, TestGraphs.TARGETS);
        t.graph.loss.sparseSoftmaxCrossEntropy("loss", z, t.y);
        return t.model(z);
    }
}
