package io.etastar.graph;

import org.nd4j.autodiff.samediff.SDVariable;

/** Networks that predict one pixel of an image from the others, for drawing images pixel by pixel. */
final class Generators {
    private static final int BLOCKS = 4;
    private static final int MULTIPLIER = 3;

    private Generators() {}

    /**
     * A convolution to {@code width} channels, then stages of four residual blocks and a pooling by 2, then a dense layer.
     *
     * <p>A block: 1 x 1 convolution to 2 width, activation, depthwise 3 x 3 to three channels for each, activation, 1 x 1
     * convolution back to width. Poolings round sides up, so that five of them leave one pixel of images up to 32 x 32.
     */
    static Model imageGenerator(Keys keys, GraphBuilder builder) {
        int channels = keys.positive("in_channels", 5);
        int size = keys.positive("image_size");
        int width = keys.positive("width", 20);
        int kernel = keys.positive("kernel", 1);
        int classes = keys.positive("classes", 256);
        if (kernel % 2 == 0) {
            throw keys.wrong("kernel", kernel, "an odd side, which keeps the size of images");
        }
        Zoo.requireInput(keys, channels * size * size);
        String activation = Zoo.activation(keys);
        builder.drawBiases();
        SDVariable h =
                builder.convolution(builder.input(channels, size, size), "conv", channels, width, kernel, kernel / 2);
        int depth = keys.positive("depth", 5);
        for (int stage = 0; stage < depth; stage++) {
            for (int block = 0; block < BLOCKS; block++) {
                h = block(builder, h, "stages." + stage + "." + block + ".", width, activation);
            }
            h = builder.averagePool(h, 2);
        }
        return Zoo.finish(keys, builder, builder.dense(builder.globalAverage(h), "fc", width, classes), classes);
    }

    private static SDVariable block(GraphBuilder builder, SDVariable x, String name, int width, String activation) {
        int wide = 2 * width;
        SDVariable h = builder.activation(builder.convolution(x, name + "expand", width, wide, 1, 0), activation);
        h = builder.activation(builder.depthwise(h, name + "depthwise", wide, MULTIPLIER, 3, 1), activation);
        return x.add(builder.convolution(h, name + "project", wide * MULTIPLIER, width, 1, 0));
    }
}
