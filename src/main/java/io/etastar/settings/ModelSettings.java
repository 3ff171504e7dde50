package io.etastar.settings;

import io.etastar.settings.schema.Key;
import java.util.List;

/** The block {@code model}: keys of every kind of network; {@link ModelKind} says which uses which. */
record ModelSettings(
        @Key.Flat Network network,
        @Key.Flat Target target,
        @Key.Flat Convolutional convolutional,
        @Key.Flat Sequence sequence,
        @Key.Flat GraphOfFile graph) {
    record Network(
            @Key(value = "perceptron", doc = "kind of model; onnx, samediff: a graph from a file")
            ModelKind model,

            @Key(
                    min = 1,
                    doc = "perceptron, autoencoder: units from input on; lenet: input channels, two convolutions,"
                            + " three dense layers")
            List<Integer> layers,

            @Key(
                    min = 1,
                    doc = "perceptron: units of the hidden layers, in place of layers: inputs and outputs are what the"
                            + " data say; by default [96, 96, 96]")
            List<Integer> hiddenLayers,

            @Key(
                    min = 1,
                    doc =
                            "perceptron: rows of the table of embeddings of each of the last inputs, which are indices then;"
                                    + " by default what the columns of a table say")
            List<Integer> embeddings,

            @Key(min = 1, doc = "perceptron: numbers of an embedding, for each of embeddings")
            List<Integer> embeddingWidths,

            @Key(
                    value = "tanh",
                    oneOf = {"tanh", "relu", "sigmoid", "elu", "softplus", "gelu", "arctan", "leaky_relu", "identity"},
                    doc = "activation of hidden layers; by default relu for resnet18, arctan for image_generator,"
                            + " gelu for transformer")
            String activation,

            @Key(min = 1, doc = "shape of a sample; by default what the layers say")
            List<Integer> input,

            @Key(
                    min = 0,
                    below = 1,
                    doc = "perceptron, vgg: probability that an input of a dense layer after the first one is dropped"
                            + " (vgg: of the classifier); by default 0")
            double dropout,

            @Key(
                    value = "1.0",
                    above = 0,
                    doc = "standard deviation of initial weights times the square root of their fan-in")
            double sigmaW,

            @Key(min = 0, doc = "perceptron, lenet, vgg: standard deviation of initial biases of layers; by default 0")
            double sigmaB,

            @Key(
                    oneOf = {"standard", "ntk"},
                    doc =
                            "perceptron, lenet, vgg: standard, or ntk: weights and biases start from N(0, 1), and layers"
                                    + " multiply them by sigma_w over the root of the fan-in, and by sigma_b; by default standard")
            String parameterisation) {}

    record Target(
            @Key(
                    oneOf = {"nll", "mse", "bce"},
                    doc =
                            "loss; by default bce for autoencoder (bce or mse), else nll (nll or mse; onnx: any of the three)")
            String loss,

            @Key(min = 1, doc = "number of classes; by default the last layer's units, 256 for image_generator")
            int classes,

            @Key(
                    min = 1,
                    or = "empty",
                    doc = "shape of a target of losses mse and bce, empty for one number; by default the last layer's"
                            + " units")
            List<Integer> target,

            @Key(
                    min = 0,
                    below = 1,
                    doc = "loss nll: share of a target that is spread evenly over all classes; by default 0")
            double labelSmoothing) {}

    record Convolutional(
            @Key(
                    min = 1,
                    max = 1 << 20,
                    or = "M",
                    doc = "vgg: output channels of each 3x3 convolution, M for max pooling")
            List<Object> cfg,

            @Key(min = 1, doc = "vgg, resnet18, image_generator (5 by default): channels of the input")
            int inChannels,

            @Key(min = 1, doc = "lenet, vgg, resnet18, image_generator: side of the square input image")
            int imageSize,

            @Key(
                    value = "5",
                    min = 1,
                    doc = "lenet: side of the convolution kernels; image_generator (1 by default): of the first one")
            int kernel,

            @Key(
                    doc =
                            "vgg: whether each convolution is followed by batch norm; by default false. onnx: whether batch norm"
                                    + " takes the statistics of the batch in training; by default what each node says")
            boolean batchNorm,

            @Key(
                    min = 1,
                    doc = "resnet18: channels of the first stage (64); image_generator: channels between blocks (20);"
                            + " transformer: width of a position (64)")
            int width,

            @Key(
                    min = 1,
                    doc = "image_generator: stages, each of four blocks and a pooling (5); transformer: blocks (2)")
            int depth) {}

    record Sequence(
            @Key(min = 1, doc = "transformer: heads of the attention, a divisor of width (4)")
            int heads,

            @Key(min = 1, doc = "transformer: positions of a sequence")
            int length,

            @Key(min = 1, doc = "transformer: number of tokens; samples are then rows of token indices")
            int vocabulary,

            @Key(min = 1, doc = "transformer: numbers at each position, if samples are no tokens")
            int features) {}

    record GraphOfFile(
            @Key(
                    doc =
                            "samediff: file written by SameDiff's save, onnx: an ONNX file, any Hadoop path; the arrays in it are"
                                    + " the parameters and their initial values")
            String file,

            @Key(
                    doc =
                            "onnx: the file itself in base64, in place of file, where the driver does not see the client's files")
            String content,

            @Key(
                    doc =
                            "onnx: names of the arrays that are parameters, with * for any letters; by default those of real"
                                    + " numbers with an axis, but for settings, running statistics and masks")
            List<String> trainable,

            @Key(doc = "onnx: names of arrays that are not trained, with * for any letters; by default none")
            List<String> frozen,

            @Key(min = -8, max = 8, doc = "onnx: axis of the classes of loss nll; by default -1, the last one")
            int classAxis,

            @Key(doc = "samediff: name of the placeholder of features")
            String inputName,

            @Key(doc = "samediff: name of the placeholder of targets")
            String labelName,

            @Key(doc = "samediff: name of the output, logits if classes are given; onnx: by default the first one")
            String outputName,

            @Key(doc = "samediff: name of the loss, one number for each sample")
            String lossName) {}
}
