package io.etastar.graph;

import org.nd4j.autodiff.samediff.SDVariable;

/** Residual networks for small images; parameters are named as torchvision's. */
final class ResNets {
    private static final int STAGES = 4;
    private static final int BLOCKS = 2;

    private final GraphBuilder builder;
    private final String activation;

    private ResNets(GraphBuilder builder, String activation) {
        this.builder = builder;
        this.activation = activation;
    }

    /** A 3 x 3 stem without pooling, four stages of two basic blocks, the mean of each channel, one dense layer. */
    static Model resnet18(Keys keys, GraphBuilder builder) {
        int channels = keys.positive("in_channels");
        int size = keys.positive("image_size");
        int width = keys.positive("width", 64);
        int classes = keys.positive("classes");
        Zoo.requireInput(keys, channels * size * size);
        ResNets net = new ResNets(builder, Zoo.activation(keys));
        SDVariable h = builder.input(channels, size, size);
        h = net.activated(net.convolution(h, "conv1", "bn1", channels, width, 3, 1));
        int in = width;
        for (int stage = 0; stage < STAGES; stage++) {
            int out = width << stage;
            for (int block = 0; block < BLOCKS; block++) {
                int stride = stage > 0 && block == 0 ? 2 : 1;
                h = net.block(h, "layer" + (stage + 1) + "." + block + ".", in, out, stride);
                in = out;
            }
        }
        return Zoo.finish(keys, builder, builder.dense(builder.globalAverage(h), "fc", in, classes), classes);
    }

    private SDVariable block(SDVariable x, String name, int in, int out, int stride) {
        SDVariable h = activated(convolution(x, name + "conv1", name + "bn1", in, out, 3, stride));
        h = convolution(h, name + "conv2", name + "bn2", out, out, 3, 1);
        SDVariable shortcut = stride == 1 && in == out
                ? x
                : convolution(x, name + "downsample.0", name + "downsample.1", in, out, 1, stride);
        return activated(h.add(shortcut));
    }

    private SDVariable convolution(
            SDVariable x, String convolution, String norm, int in, int out, int kernel, int stride) {
        return builder.batchNorm(builder.convolution(x, convolution, in, out, kernel, stride, kernel / 2), norm, out);
    }

    private SDVariable activated(SDVariable x) {
        return builder.activation(x, activation);
    }
}
