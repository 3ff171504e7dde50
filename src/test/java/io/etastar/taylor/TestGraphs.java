package io.etastar.taylor;

import io.etastar.graph.Model;
import io.etastar.partition.ParameterLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.nd4j.autodiff.loss.LossReduce;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Small graphs, at least one for every op with a rule: data of the oracle tests.
 *
 * <p>Each graph maps x [N, 2, 6, 5], a flat view of it or whole numbers [N, length] to one loss for each sample; y are targets
 * [N, 3] or classes. Further graphs are in the classes that {@link #all} names.
 */
final class TestGraphs {
    static final int CHANNELS = 2;
    static final int HEIGHT = 6;
    static final int WIDTH = 5;
    static final int FEATURES = CHANNELS * HEIGHT * WIDTH;
    static final int TARGETS = 3;
    static final int WORDS = 5;

    final SameDiff graph = SameDiff.create();
    private final List<String> names = new ArrayList<>();
    private final List<int[]> shapes = new ArrayList<>();
    final SDVariable x;
    private final boolean classes;
    final SDVariable y;

    TestGraphs(boolean classes) {
        this(classes, DataType.DOUBLE, -1, CHANNELS, HEIGHT, WIDTH);
    }

    /** With whole numbers for x, below {@link #WORDS}. */
    static TestGraphs ofWords(boolean classes, int length) {
        return new TestGraphs(classes, DataType.INT, -1, length);
    }

    private TestGraphs(boolean classes, DataType type, long... shape) {
        this.classes = classes;
        x = graph.placeHolder("x", type, shape);
        y = classes ? graph.placeHolder("y", DataType.INT, -1) : graph.placeHolder("y", DataType.DOUBLE, -1, TARGETS);
    }

    /** Named graphs; the name says which op is meant. */
    static Map<String, Model> all() {
        Map<String, Model> models = new LinkedHashMap<>();
        elementwise(models);
        images(models);
        joins(models);
        losses(models);
        FunctionGraphs.add(models);
        LayoutGraphs.add(models);
        LossGraphs.add(models);
        NormalisationGraphs.add(models);
        BlockGraphs.add(models);
        return models;
    }

    private static void elementwise(Map<String, Model> models) {
        Map<String, BiFunction<TestGraphs, SDVariable, SDVariable>> functions = new LinkedHashMap<>();
        functions.put("relu", (t, h) -> t.graph.nn.relu(h, 0));
        functions.put("tanh", (t, h) -> t.graph.math.tanh(h));
        functions.put("sigmoid", (t, h) -> t.graph.nn.sigmoid(h));
        functions.put("elu", (t, h) -> t.graph.nn.elu(h));
        functions.put("softplus", (t, h) -> t.graph.nn.softplus(h));
        functions.put("atan", (t, h) -> t.graph.math.atan(h));
        functions.put("erf", (t, h) -> t.graph.math.erf(h));
        functions.put("exp", (t, h) -> t.graph.math.exp(h.mul(0.3)));
        functions.put("log", (t, h) -> t.graph.math.log(t.graph.math.square(h).add(1.5)));
        functions.put("square", (t, h) -> t.graph.math.square(h));
        functions.put("neg", (t, h) -> t.graph.math.tanh(h.neg()));
        functions.put("identity", (t, h) -> t.graph.math.tanh(t.graph.identity(h)));
        functions.put("add_scalar", (t, h) -> t.graph.math.tanh(h.add(0.7)));
        functions.put("sub_scalar", (t, h) -> t.graph.math.tanh(h.sub(0.7)));
        functions.put("rsub_scalar", (t, h) -> t.graph.math.tanh(h.rsub(0.7)));
        functions.put("mul_scalar", (t, h) -> t.graph.math.tanh(h.mul(-1.3)));
        functions.put("div_scalar", (t, h) -> t.graph.math.tanh(h.div(1.3)));
        functions.put("log_softmax", (t, h) -> t.graph.nn.logSoftmax(h));
        functions.forEach((name, f) -> models.put(name, between(f)));
    }

    /** A function of [N, 4] to [N, 4] between two dense layers. */
    static Model between(BiFunction<TestGraphs, SDVariable, SDVariable> f) {
        TestGraphs t = new TestGraphs(false);
        SDVariable h = f.apply(t, t.dense(t.flat(), "a", FEATURES, 4));
        return t.squared(t.dense(h, "b", 4, TARGETS));
    }

    private static void images(Map<String, Model> models) {
        models.put("conv2d", convolution(1, 1, PaddingMode.VALID, 0, false));
        models.put("conv2d padded", convolution(1, 1, PaddingMode.VALID, 1, true));
        models.put("conv2d strided", convolution(2, 1, PaddingMode.VALID, 1, false));
        models.put("conv2d same", convolution(2, 1, PaddingMode.SAME, 0, false));
        models.put("conv2d dilated", convolution(1, 2, PaddingMode.VALID, 1, false));
        models.put("maxpool2d", pooled(true, 2, 2));
        models.put("maxpool2d overlapping", pooled(true, 3, 1));
        models.put("avgpool2d", pooled(false, 2, 2));
        models.put("avgpool2d overlapping", pooled(false, 3, 2));
    }

    private static Model convolution(int stride, int dilation, PaddingMode mode, int padding, boolean withBias) {
        TestGraphs t = new TestGraphs(false);
        Conv2DConfig config = Conv2DConfig.builder()
                .kH(3)
                .kW(2)
                .sH(stride)
                .sW(stride)
                .dH(dilation)
                .dW(dilation)
                .pH(padding)
                .pW(padding)
                .paddingMode(mode)
                .dataFormat("NCHW")
                .weightsFormat(WeightsFormat.OIYX)
                .build();
        SDVariable w = t.parameter("w", 3, CHANNELS, 3, 2);
        SDVariable b = t.parameter("b", 3);
        SDVariable first = withBias
                ? t.graph.cnn.conv2d(t.x, w, b, config)
                : t.graph.nn.biasAdd(t.graph.cnn.conv2d(t.x, w, config), b, true);
        SDVariable second = t.graph.cnn.conv2d(
                t.graph.math.tanh(first),
                t.parameter("v", TARGETS, 3, 2, 2),
                Conv2DConfig.builder()
                        .kH(2)
                        .kW(2)
                        .pH(1)
                        .pW(1)
                        .paddingMode(PaddingMode.VALID)
                        .dataFormat("NCHW")
                        .weightsFormat(WeightsFormat.OIYX)
                        .build());
        return t.squared(t.graph.math.tanh(second).mean(2, 3));
    }

    private static Model pooled(boolean max, int side, int stride) {
        TestGraphs t = new TestGraphs(false);
        Pooling2DConfig config = Pooling2DConfig.builder()
                .kH(side)
                .kW(side)
                .sH(stride)
                .sW(stride)
                .paddingMode(PaddingMode.VALID)
                .isNHWC(false)
                .build();
        SDVariable h = t.graph.math.tanh(t.x.mul(t.parameter("scale", 1, CHANNELS, HEIGHT, WIDTH)));
        SDVariable pool = max ? t.graph.cnn.maxPooling2d(h, config) : t.graph.cnn.avgPooling2d(h, config);
        int rows = (HEIGHT - side) / stride + 1;
        int columns = (WIDTH - side) / stride + 1;
        int width = CHANNELS * rows * columns;
        return t.squared(t.dense(t.graph.reshape(pool, -1, width), "b", width, TARGETS));
    }

    private static void joins(Map<String, Model> models) {
        TestGraphs residual = new TestGraphs(false);
        SDVariable h = residual.graph.math.tanh(residual.dense(residual.flat(), "a", FEATURES, 4));
        SDVariable inner = residual.graph.math.tanh(residual.dense(h, "b", 4, 4));
        models.put("add", residual.squared(residual.dense(h.add(inner), "c", 4, TARGETS)));

        TestGraphs gate = new TestGraphs(false);
        SDVariable left = gate.graph.math.tanh(gate.dense(gate.flat(), "a", FEATURES, TARGETS));
        SDVariable right = gate.graph.nn.sigmoid(gate.dense(gate.flat(), "b", FEATURES, TARGETS));
        models.put("multiply", gate.squared(left.mul(right).sub(right.mul(gate.parameter("c", TARGETS)))));

        TestGraphs shared = new TestGraphs(false);
        SDVariable first = shared.dense(shared.flat(), "a", FEATURES, 4);
        SDVariable w = shared.parameter("w", 4, 4);
        SDVariable twice = shared.graph.math.tanh(
                shared.graph.math.tanh(first.mmul(w)).mmul(w).add(first.mmul(w)));
        models.put("matmul with a shared weight", shared.squared(shared.dense(twice, "b", 4, TARGETS)));

        TestGraphs turned = new TestGraphs(false);
        SDVariable v = turned.parameter("v", 4, FEATURES);
        SDVariable product = turned.graph.mmul(null, turned.flat(), v, false, true, false);
        models.put("matmul transposed", turned.squared(turned.dense(turned.graph.math.tanh(product), "b", 4, TARGETS)));

        TestGraphs fused = new TestGraphs(false);
        SDVariable z = fused.graph.nn.linear(
                fused.flat(), fused.parameter("w", FEATURES, TARGETS), fused.parameter("b", TARGETS));
        models.put(
                "xw_plus_b", fused.each(fused.graph.math.squaredDifference(fused.graph.math.tanh(z), fused.y), true));
    }

    private static void losses(Map<String, Model> models) {
        TestGraphs t = new TestGraphs(true);
        SDVariable logits = t.dense(t.graph.math.tanh(t.dense(t.flat(), "a", FEATURES, 4)), "b", 4, TARGETS);
        t.graph.loss.sparseSoftmaxCrossEntropy("loss", logits, t.y);
        models.put("sparse_softmax_cross_entropy_loss_with_logits", t.model(logits));

        TestGraphs bent = new TestGraphs(true);
        SDVariable z = bent.dense(bent.flat(), "a", FEATURES, TARGETS);
        bent.graph
                .math
                .square(bent.graph.loss.sparseSoftmaxCrossEntropy(null, z, bent.y))
                .rename("loss");
        models.put("a cross-entropy that is not the last op", bent.model(z));

        models.put(
                "mean_sqerr_loss",
                element((g, z2) -> g.graph.loss.meanSquaredError(null, g.y, z2, null, LossReduce.NONE)));
        models.put(
                "sigm_cross_entropy_loss",
                element((g, z2) -> g.graph.loss.sigmoidCrossEntropy(null, g.y, z2, null, LossReduce.NONE, 0)));
        models.put(
                "log_loss",
                element((g, z2) ->
                        g.graph.loss.logLoss(null, g.y, g.graph.nn.sigmoid(z2), null, LossReduce.NONE, 1e-7)));
        models.put(
                "weighted mean_sqerr_loss",
                element((g, z2) -> g.graph.loss.meanSquaredError(
                        null, g.y, z2, g.graph.constant(Nd4j.scalar(2.5)), LossReduce.NONE)));
        TestGraphs sum = new TestGraphs(false);
        models.put(
                "reduce_sum",
                sum.each(
                        sum.graph.math.square(sum.graph
                                .math
                                .tanh(sum.dense(sum.flat(), "a", FEATURES, TARGETS))
                                .sub(sum.y)),
                        false));
    }

    static Model element(BiFunction<TestGraphs, SDVariable, SDVariable> loss) {
        TestGraphs t = new TestGraphs(false);
        SDVariable z = t.dense(t.graph.math.tanh(t.dense(t.flat(), "a", FEATURES, 4)), "b", 4, TARGETS);
        return t.each(loss.apply(t, z), true);
    }

    /** Features of {@code rows} rows: whole numbers where the model reads these, else {@code images}. */
    static double[] features(Model model, int rows, Random random, Supplier<double[]> images) {
        SDVariable x = model.graph().getVariable("x");
        int length = (int) x.placeholderShape()[1];
        return x.dataType() == DataType.INT
                ? random.ints((long) rows * length, 0, WORDS).asDoubleStream().toArray()
                : images.get();
    }

    SDVariable parameter(String name, int... shape) {
        names.add(name);
        shapes.add(shape);
        long[] sides = java.util.Arrays.stream(shape).asLongStream().toArray();
        return graph.var(name, DataType.DOUBLE, sides);
    }

    SDVariable flat() {
        return graph.reshape(x, -1, FEATURES);
    }

    SDVariable dense(SDVariable h, String name, int in, int out) {
        return h.mmul(parameter(name + ".weight", in, out)).add(parameter(name + ".bias", out));
    }

    Model squared(SDVariable output) {
        graph.math.square(output.sub(y)).mean(1).rename("loss");
        return model(output);
    }

    Model each(SDVariable elements, boolean mean) {
        (mean ? elements.mean(1) : elements.sum(1)).rename("loss");
        return model(elements);
    }

    Model model(SDVariable output) {
        return new Model(
                graph, "x", "y", output.name(), "loss", new ParameterLayout(names, shapes), classes ? TARGETS : 0);
    }
}
