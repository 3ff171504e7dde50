package io.etastar.graph;

import io.etastar.UserError;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * The models that a description can name, one method each.
 *
 * <p>Parameter names and shapes are those of PyTorch modules of the same layers, but for dense weights, which are [in, out].
 */
final class Zoo {
    /** Builds a graph from the keys of its description. */
    private interface Maker {
        Model make(Keys keys, GraphBuilder builder);
    }

    private static final Map<String, Maker> MODELS = new TreeMap<>(Map.of(
            "perceptron", Zoo::perceptron,
            "autoencoder", Zoo::autoencoder,
            "lenet", Zoo::lenet,
            "vgg", Zoo::vgg,
            "resnet18", ResNets::resnet18,
            "image_generator", Generators::imageGenerator,
            "transformer", Transformers::transformer,
            "samediff", (keys, builder) -> GraphFile.model(keys),
            "rosenbrock", Zoo::rosenbrock));

    private Zoo() {}

    /** Names of the models. */
    static String[] names() {
        return MODELS.keySet().toArray(new String[0]);
    }

    /** Builds a model by a new builder. */
    static Model build(Keys keys, GraphBuilder builder) {
        boolean ntk = keys.has("parameterisation")
                && keys.text("parameterisation", "standard", "ntk").equals("ntk");
        double sigmaB = keys.number("sigma_b", 0);
        if (!(sigmaB >= 0)) {
            throw keys.wrong("sigma_b", sigmaB, "a number from 0");
        }
        builder.scales(ntk, keys.number("sigma_w", 1), sigmaB);
        return MODELS.get(keys.text("model", names())).make(keys, builder);
    }

    static String activation(Keys keys) {
        return keys.text("activation", GraphBuilder.ACTIVATIONS);
    }

    /** Ends a network; checks that what the description says of its output agrees with the layers. */
    static Model finish(Keys keys, GraphBuilder builder, SDVariable network, int width) {
        String loss = keys.text("loss", GraphBuilder.LOSSES);
        if ("nll".equals(loss) && keys.positive("classes", width) != width) {
            throw keys.wrong("classes", keys.positive("classes"), width + ", the width of the last layer");
        }
        builder.labelSmoothing(keys.share("label_smoothing"));
        return builder.finish(network, loss, width, false);
    }

    /**
     * Dense layers with an activation between: z_i = act(z_(i-1)) W_i + b_i. The last inputs may be indices, in whose place their
     * embeddings go.
     */
    private static Model perceptron(Keys keys, GraphBuilder builder) {
        int[] layers = keys.sides("layers", 2);
        requireInput(keys, layers[0]);
        String activation = activation(keys);
        double dropout = keys.share("dropout");
        SDVariable x = builder.flatten(builder.input(layers[0]), layers[0]);
        int width = layers[0];
        if (keys.has("embeddings")) {
            int[] rows = keys.sides("embeddings", 1);
            int[] widths = keys.sides("embedding_widths", 1);
            if (rows.length != widths.length || rows.length > layers[0]) {
                throw keys.wrong("embedding_widths", Arrays.toString(widths), "one for each of embeddings");
            }
            x = builder.embedded(x, layers[0] - rows.length, rows, widths);
            width = layers[0] - rows.length + IntStream.of(widths).sum();
        }
        SDVariable z = keys.has("column_widths")
                ? builder.scaled(x, keys.sides("column_widths", 1), keys.numbers("column_centres", width))
                : x;
        for (int i = 0; i + 1 < layers.length; i++) {
            SDVariable h = i == 0 ? z : builder.dropout(builder.activation(z, activation), dropout);
            z = builder.dense(h, "layers." + i, i == 0 ? width : layers[i], layers[i + 1]);
        }
        return finish(keys, builder, z, layers[layers.length - 1]);
    }

    /** Encoder down the layers and decoder up again, linear at the code, sigmoid at the end; targets as wide as inputs. */
    private static Model autoencoder(Keys keys, GraphBuilder builder) {
        int[] layers = keys.sides("layers", 2);
        requireInput(keys, layers[0]);
        String activation = activation(keys);
        String loss = keys.text("loss", "bce", "mse");
        int last = layers.length - 1;
        SDVariable z = builder.flatten(builder.input(layers[0]), layers[0]);
        for (int i = 0; i < last; i++) {
            SDVariable h = i == 0 ? z : builder.activation(z, activation);
            z = builder.dense(h, "layers_enc." + i, layers[i], layers[i + 1]);
        }
        for (int i = 0; i < last; i++) {
            SDVariable h = i == 0 ? z : builder.activation(z, activation);
            z = builder.dense(h, "layers_dec." + i, layers[last - i], layers[last - i - 1]);
        }
        return builder.finish(z, loss, layers[0], true);
    }

    /** Two convolutions without padding, each with activation and 2 x 2 max pooling, then three dense layers. */
    private static Model lenet(Keys keys, GraphBuilder builder) {
        int[] l = keys.sides("layers", 6);
        if (l.length != 6) {
            throw keys.wrong("layers", l.length + " numbers", "6: in channels, conv1, conv2, fc1, fc2, out");
        }
        int kernel = keys.positive("kernel", 5);
        int size = keys.positive("image_size");
        String activation = activation(keys);
        int side = ((size - kernel + 1) / 2 - kernel + 1) / 2;
        if (side < 1) {
            throw keys.wrong("image_size", size, "images that two convolutions of side " + kernel + " leave room in");
        }
        requireInput(keys, l[0] * size * size);
        SDVariable h = builder.convolution(builder.input(l[0], size, size), "conv1", l[0], l[1], kernel, 0);
        h = builder.maxPool(builder.activation(h, activation), 2);
        h = builder.convolution(h, "conv2", l[1], l[2], kernel, 0);
        h = builder.maxPool(builder.activation(h, activation), 2);
        int width = side * side * l[2];
        h = builder.dense(builder.flatten(h, width), "fc1", width, l[3]);
        h = builder.dense(builder.activation(h, activation), "fc2", l[3], l[4]);
        h = builder.dense(builder.activation(h, activation), "fc3", l[4], l[5]);
        return finish(keys, builder, h, l[5]);
    }

    /** Convolutions 3 x 3 that keep the size, "M" for 2 x 2 max pooling; then one fully connected layer. */
    private static Model vgg(Keys keys, GraphBuilder builder) {
        int channels = keys.positive("in_channels");
        int size = keys.positive("image_size");
        requireInput(keys, channels * size * size);
        String activation = activation(keys);
        boolean norm = keys.truth("batch_norm", false);
        SDVariable h = builder.input(channels, size, size);
        int index = 0;
        for (String entry : keys.entries("cfg", "a list of widths and \"M\"")) {
            if ("M".equals(entry)) {
                h = builder.maxPool(h, 2);
                size /= 2;
                index += 1;
            } else {
                int width = width(keys, entry);
                h = builder.convolution(h, "features." + index, channels, width, 3, 1);
                h = norm ? builder.batchNorm(h, "features." + (index + 1), width) : h;
                h = builder.activation(h, activation);
                channels = width;
                index += norm ? 3 : 2;
            }
        }
        if (size < 1) {
            throw keys.wrong("cfg", "more poolings", "at most as many as halve image_size to 1");
        }
        int flat = channels * size * size;
        int classes = keys.positive("classes");
        SDVariable features = builder.dropout(builder.flatten(h, flat), keys.share("dropout"));
        return finish(keys, builder, builder.dense(features, "classifier.0", flat, classes), classes);
    }

    private static int width(Keys keys, String entry) {
        if (!entry.matches("[1-9][0-9]{0,6}")) {
            throw keys.wrong("cfg", "'" + entry + "'", "positive widths and \"M\"");
        }
        return Integer.parseInt(entry);
    }

    /** sum_i (xodd_i - a)^2 + b (xodd_i^2 - xeven_i)^2 over d pairs. */
    private static Model rosenbrock(Keys keys, GraphBuilder builder) {
        int d = keys.positive("d");
        SDVariable even = builder.weight("xeven", 1, d);
        SDVariable odd = builder.weight("xodd", 1, d);
        SDVariable valley = odd.mul(odd).sub(even);
        SDVariable offset = odd.sub(keys.number("a", 1));
        SDVariable each = offset.mul(offset).add(valley.mul(valley).mul(keys.number("b", 100)));
        return builder.finish(each.sum());
    }

    /** If the description gives the shape of an input row, it must hold as many elements as the first layer reads. */
    static void requireInput(Keys keys, int length) {
        if (!keys.has("input")) {
            return;
        }
        BigInteger found = BigInteger.ONE;
        for (int side : keys.sides("input", 1)) {
            found = found.multiply(BigInteger.valueOf(side));
        }
        if (!found.equals(BigInteger.valueOf(length))) {
            throw new UserError(
                    UserError.Subject.setting("model.input"), found + " elements", length + " of the first layer");
        }
    }
}
