package io.etastar.graph;

import io.etastar.partition.ParameterLayout;
import io.etastar.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;

/** Builds the graphs of the zoo layer by layer and remembers their parameters in order. */
final class GraphBuilder {
    static final String[] ACTIVATIONS = {"tanh", "relu", "sigmoid", "elu", "softplus", "gelu", "arctan", "identity"};
    /** Losses of networks whose outputs are not probabilities. */
    static final String[] LOSSES = {"nll", "mse"};

    private static final String INPUT = "x";
    private static final String LABEL = "y";
    private static final String LOSS = "loss";

    private final SameDiff graph = SameDiff.create();
    private final DataType type;
    private final List<String> names = new ArrayList<>();
    private final List<int[]> shapes = new ArrayList<>();

    GraphBuilder(DType type) {
        this.type = type == DType.FLOAT ? DataType.FLOAT : DataType.DOUBLE;
    }

    SDVariable parameter(String name, int... shape) {
        names.add(name);
        shapes.add(shape);
        long[] sides = new long[shape.length];
        for (int i = 0; i < sides.length; i++) {
            sides[i] = shape[i];
        }
        return graph.var(name, type, sides);
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

    SDVariable dense(SDVariable x, String name, int in, int out) {
        return x.mmul(parameter(name + ".weight", in, out)).add(parameter(name + ".bias", out));
    }

    SDVariable convolution(SDVariable x, String name, int in, int out, int kernel, int padding) {
        Conv2DConfig config = Conv2DConfig.builder()
                .kH(kernel)
                .kW(kernel)
                .pH(padding)
                .pW(padding)
                .dataFormat("NCHW")
                .weightsFormat(WeightsFormat.OIYX)
                .paddingMode(PaddingMode.VALID)
                .build();
        SDVariable weight = parameter(name + ".weight", out, in, kernel, kernel);
        return graph.nn.biasAdd(graph.cnn.conv2d(x, weight, config), parameter(name + ".bias", out), true);
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
            default -> x;
        };
    }

    /** x times the normal distribution's probability below x, exact; the graph library's own are approximations. */
    private SDVariable gelu(SDVariable x) {
        return graph.math.erf(x.mul(Math.sqrt(0.5))).add(1).mul(x.mul(0.5));
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
            graph.loss.sparseSoftmaxCrossEntropy(LOSS, output, label);
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
