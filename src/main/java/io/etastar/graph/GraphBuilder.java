package io.etastar.graph;

import io.etastar.graph.Initialisation.Start;
import io.etastar.partition.ParameterLayout;
import io.etastar.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.impl.layers.convolution.Pooling2D;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;
import org.nd4j.linalg.factory.Nd4j;

/** Builds the graphs of the zoo layer by layer and remembers their parameters in order. */
final class GraphBuilder {
    static final String[] ACTIVATIONS = {
        "tanh", "relu", "sigmoid", "elu", "softplus", "gelu", "arctan", "leaky_relu", "identity"
    };
    /** Losses of networks whose outputs are not probabilities. */
    static final String[] LOSSES = {"nll", "mse"};

    private static final String INPUT = "x";
    private static final String LABEL = "y";
    private static final String LOSS = "loss";
    private static final double NORM_EPSILON = 1e-5;
    private static final double LEAK = 0.01;

    private final SameDiff graph = SameDiff.create();
    private final DataType type;
    private final List<String> names = new ArrayList<>();
    private final List<int[]> shapes = new ArrayList<>();
    private final Initialisation initialisation = new Initialisation();
    private boolean drawnBiases;
    private boolean byNeuralTangents;
    private double sigmaW = 1;
    private double sigmaB;
    private double labelSmoothing;

    GraphBuilder(DType type) {
        this.type = type == DType.FLOAT ? DataType.FLOAT : DataType.DOUBLE;
    }

    /** How the parameters start. */
    Initialisation initialisation() {
        return initialisation;
    }

    /** From here on weights and biases start from N(0, sigma_w^2 / (fan_in + 1)). */
    void drawBiases() {
        drawnBiases = true;
    }

    /**
     * How the layers below write their weights and biases.
     *
     * @param byNeuralTangents whether weights start from N(0, 1) and their products are multiplied by sigma_w / sqrt(fan_in), biases
     *     likewise by sigma_b; else they have these deviations themselves
     * @param sigmaW of weights
     * @param sigmaB of biases; 0: they start at 0, and are not multiplied
     */
    void scales(boolean byNeuralTangents, double sigmaW, double sigmaB) {
        this.byNeuralTangents = byNeuralTangents;
        this.sigmaW = sigmaW;
        this.sigmaB = sigmaB;
    }

    /** Share of each target that a loss nll spreads over all classes. */
    void labelSmoothing(double share) {
        labelSmoothing = share;
    }

    SDVariable parameter(String name, Start start, int... shape) {
        initialisation.add(start);
        names.add(name);
        shapes.add(shape);
        long[] sides = new long[shape.length];
        for (int i = 0; i < sides.length; i++) {
            sides[i] = shape[i];
        }
        return graph.var(name, type, sides);
    }

    /** A weight that reads {@code fanIn} numbers for each one it gives. */
    SDVariable weight(String name, int fanIn, int... shape) {
        return parameter(name, Start.scaled(drawnBiases ? fanIn + 1 : fanIn), shape);
    }

    /** A weight of a layer whose products go through {@link #product}. */
    private SDVariable layerWeight(String name, int fanIn, int... shape) {
        return byNeuralTangents ? parameter(name, Start.normal(1), shape) : weight(name, fanIn, shape);
    }

    /** What a layer's weight gave, by its parameterisation. */
    private SDVariable product(SDVariable z, int fanIn) {
        return byNeuralTangents ? z.mul(sigmaW / Math.sqrt(fanIn)) : z;
    }

    private SDVariable bias(String name, int fanIn, int length) {
        if (sigmaB == 0) {
            return parameter(name, drawnBiases ? Start.scaled(fanIn + 1) : Start.ZERO, length);
        }
        SDVariable bias = parameter(name, Start.normal(byNeuralTangents ? 1 : sigmaB), length);
        return byNeuralTangents ? bias.mul(sigmaB) : bias;
    }

    /** The graph, for what only one model needs. */
    SameDiff graph() {
        return graph;
    }

    /** The placeholder of indices of tokens, [-1, length]. */
    SDVariable tokens(int length) {
        return graph.placeHolder(INPUT, DataType.INT, -1, length);
    }

    /** The placeholder of features, [-1, shape]. */
    SDVariable input(int... shape) {
        return graph.placeHolder(INPUT, type, open(shape));
    }

    private static long[] open(int... shape) {
        long[] sides = new long[shape.length + 1];
        sides[0] = -1;
        for (int i = 0; i < shape.length; i++) {
            sides[i + 1] = shape[i];
        }
        return sides;
    }

    SDVariable flatten(SDVariable x, int length) {
        return graph.reshape(x, -1, length);
    }

    /**
     * Rows whose first elements are numbers and whose other ones are indices, which their embeddings take the place of.
     *
     * @param x [N, numbers + tables]
     * @param numbers how many elements are numbers
     * @param rows of each table of embeddings
     * @param widths of each table
     */
    SDVariable embedded(SDVariable x, int numbers, int[] rows, int... widths) {
        List<SDVariable> parts = new ArrayList<>();
        if (numbers > 0) {
            parts.add(columns(x, 0, numbers));
        }
        for (int i = 0; i < rows.length; i++) {
            // Each row is read by itself: of a scale of 1 for the next layer, as the numbers are.
            SDVariable table = weight("embeddings." + i + ".weight", 1, rows[i], widths[i]);
            SDVariable indices = graph.reshape(columns(x, numbers + i, numbers + i + 1), -1);
            parts.add(graph.gather(table, indices.castTo(DataType.INT), 0));
        }
        return parts.size() == 1 ? parts.get(0) : graph.concat(1, parts.toArray(SDVariable[]::new));
    }

    /**
     * Rows whose columns are drawn towards their centres: c + (x - c) w, with one weight w, called {@code columns.i.scale}, for each
     * element of column i.
     *
     * @param x [N, sum of widths]
     * @param widths elements of each column
     * @param centres c [sum of widths]
     */
    SDVariable scaled(SDVariable x, int[] widths, double... centres) {
        SDVariable[] scales = new SDVariable[widths.length];
        for (int i = 0; i < widths.length; i++) {
            scales[i] = parameter("columns." + i + ".scale", Start.ONE, widths[i]);
        }
        SDVariable scale = scales.length == 1 ? scales[0] : graph.concat(0, scales);
        SDVariable centre = graph.constant(Nd4j.createFromArray(centres).castTo(type));
        return x.sub(centre).mul(scale).add(centre);
    }

    private SDVariable columns(SDVariable x, int from, int to) {
        return graph.stridedSlice(x, new long[] {0, from}, new long[] {0, to}, new long[] {1, 1}, 1, 1, 0, 0, 0);
    }

    SDVariable dense(SDVariable x, String name, int in, int out) {
        SDVariable z = product(x.mmul(layerWeight(name + ".weight", in, in, out)), in);
        return z.add(bias(name + ".bias", in, out));
    }

    SDVariable convolution(SDVariable x, String name, int in, int out, int kernel, int padding) {
        SDVariable z = convolution(x, name, in, out, kernel, 1, padding);
        return graph.nn.biasAdd(z, bias(name + ".bias", in * kernel * kernel, out), true);
    }

    /** Without a bias. */
    SDVariable convolution(SDVariable x, String name, int in, int out, int kernel, int stride, int padding) {
        int fanIn = in * kernel * kernel;
        SDVariable weight = layerWeight(name + ".weight", fanIn, out, in, kernel, kernel);
        return product(graph.cnn.conv2d(x, weight, window(kernel, stride, padding, WeightsFormat.OIYX)), fanIn);
    }

    private static Conv2DConfig window(int kernel, int stride, int padding, WeightsFormat format) {
        return Conv2DConfig.builder()
                .kH(kernel)
                .kW(kernel)
                .sH(stride)
                .sW(stride)
                .pH(padding)
                .pW(padding)
                .dataFormat("NCHW")
                .weightsFormat(format)
                .paddingMode(PaddingMode.VALID)
                .build();
    }

    /** Each channel c by itself to channels c multiplier + m of the output; weight [kernel, kernel, C, multiplier]. */
    SDVariable depthwise(SDVariable x, String name, int channels, int multiplier, int kernel, int padding) {
        int fanIn = kernel * kernel;
        SDVariable weight = weight(name + ".weight", fanIn, kernel, kernel, channels, multiplier);
        SDVariable z = graph.cnn.depthWiseConv2d(x, weight, window(kernel, 1, padding, WeightsFormat.YXIO));
        return graph.nn.biasAdd(z, bias(name + ".bias", fanIn, channels * multiplier), true);
    }

    /**
     * Batch norm of images [N, C, H, W] by the statistics of the batch itself, then weight and bias of each channel. Mean and
     * variance have PyTorch's names, by which {@link Statistic}s take their place.
     */
    SDVariable batchNorm(SDVariable x, String name, int channels) {
        SDVariable weight = parameter(name + ".weight", Start.ONE, channels);
        SDVariable bias = parameter(name + ".bias", Start.ZERO, channels);
        SDVariable centred = x.sub(x.mean(name + ".running_mean", true, 0, 2, 3));
        SDVariable variance = graph.math.square(centred).mean(name + ".running_var", true, 0, 2, 3);
        // Factors of channels are multiplied first: one pass over the images less.
        SDVariable inverse = graph.math.rsqrt(variance.add(NORM_EPSILON));
        SDVariable factor = inverse.mul(graph.reshape(weight, 1, channels, 1, 1));
        return graph.nn.biasAdd(centred.mul(factor), bias, true);
    }

    /** Layer norm of rows [N, width]. */
    SDVariable layerNorm(SDVariable x, String name, int width) {
        SDVariable weight = parameter(name + ".weight", Start.ONE, width);
        SDVariable bias = parameter(name + ".bias", Start.ZERO, width);
        SDVariable centred = centred(x, 1);
        return centred.mul(inverseDeviation(centred, 1)).mul(weight).add(bias);
    }

    /** x less its mean over some axes. */
    private static SDVariable centred(SDVariable x, int... axes) {
        return x.sub(x.mean(true, axes));
    }

    /** (variance + 1e-5)^(-1/2) over some axes, with the variance of the population. */
    private SDVariable inverseDeviation(SDVariable centred, int... axes) {
        SDVariable variance = graph.math.square(centred).mean(true, axes);
        return graph.math.rsqrt(variance.add(NORM_EPSILON));
    }

    /** Mean of windows of that side; at a border that is cut, of what lies inside. */
    SDVariable averagePool(SDVariable x, int side) {
        Pooling2DConfig config = Pooling2DConfig.builder()
                .kH(side)
                .kW(side)
                .sH(side)
                .sW(side)
                .paddingMode(PaddingMode.SAME)
                .divisor(Pooling2D.Divisor.EXCLUDE_PADDING)
                .isNHWC(false)
                .build();
        return graph.cnn.avgPooling2d(x, config);
    }

    /** Mean of each channel of images. */
    SDVariable globalAverage(SDVariable x) {
        return x.mean(2, 3);
    }

    SDVariable maxPool(SDVariable x, int side) {
        Pooling2DConfig config = Pooling2DConfig.builder()
                .kH(side)
                .kW(side)
                .sH(side)
                .sW(side)
                .paddingMode(PaddingMode.VALID)
                .isNHWC(false)
                .build();
        return graph.cnn.maxPooling2d(x, config);
    }

    SDVariable activation(SDVariable x, String name) {
        return switch (name) {
            case "tanh" -> graph.math.tanh(x);
            case "relu" -> graph.nn.relu(x, 0);
            case "sigmoid" -> graph.nn.sigmoid(x);
            case "elu" -> graph.nn.elu(x);
            case "softplus" -> graph.nn.softplus(x);
            case "gelu" -> gelu(x);
            case "arctan" -> graph.math.atan(x);
            case "leaky_relu" -> graph.nn.leakyRelu(x, LEAK);
            default -> x;
        };
    }

    /** x times the normal distribution's probability below x, exact; the graph library's own are approximations. */
    private SDVariable gelu(SDVariable x) {
        return graph.math.erf(x.mul(Math.sqrt(0.5))).add(1).mul(x.mul(0.5));
    }

    /** In training, elements of x are 0 with that probability and divided by the rest's otherwise; x itself for 0. */
    SDVariable dropout(SDVariable x, double probability) {
        return probability == 0 ? x : graph.nn.dropout(x, 1 - probability);
    }

    SDVariable sigmoid(SDVariable x) {
        return graph.nn.sigmoid(x);
    }

    /**
     * A network's loss: nll of logits and class indices; mse, and bce of sigmoid outputs, as means over a sample's elements.
     *
     * @param network result of the last layer [N, width], without the sigmoid of bce
     * @param outputIsSigmoid whether {@code network} are logits of sigmoid outputs
     */
    Model finish(SDVariable network, String loss, int width, boolean outputIsSigmoid) {
        SDVariable output = outputIsSigmoid ? sigmoid(network) : network;
        if ("nll".equals(loss)) {
            SDVariable label = graph.placeHolder(LABEL, DataType.INT, -1);
            crossEntropy(output, label);
            return model(output, width);
        }
        SDVariable label = graph.placeHolder(LABEL, type, -1, width);
        // From logits: log(1 - p) of a saturated sigmoid would lose all digits.
        SDVariable each = "mse".equals(loss)
                ? graph.math.square(output.sub(label))
                : graph.nn.softplus(network).sub(network.mul(label));
        each.mean(1).rename(LOSS);
        return model(output, 0);
    }

    /** -sum_c q_c log p_c with q = (1 - e) of the label's class and e spread over all classes. */
    private void crossEntropy(SDVariable logits, SDVariable label) {
        if (labelSmoothing == 0) {
            graph.loss.sparseSoftmaxCrossEntropy(LOSS, logits, label);
            return;
        }
        SDVariable hard = graph.loss.sparseSoftmaxCrossEntropy(logits, label).mul(1 - labelSmoothing);
        SDVariable even = graph.nn.logSoftmax(logits).mean(1).mul(-labelSmoothing);
        hard.add(LOSS, even);
    }

    /** A model whose loss is a scalar function of the parameters alone. */
    Model finish(SDVariable loss) {
        graph.placeHolder(INPUT, type, -1, 1);
        graph.placeHolder(LABEL, type, -1);
        loss.rename(LOSS);
        return model(loss, 0);
    }

    private Model model(SDVariable output, int classes) {
        return new Model(graph, INPUT, LABEL, output.name(), LOSS, new ParameterLayout(names, shapes), classes);
    }
}
