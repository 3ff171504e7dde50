package io.etastar.graph;

import org.nd4j.autodiff.samediff.SDVariable;

/** Encoders of sequences by attention. Rows of all positions of all samples lie in one matrix between the blocks. */
final class Transformers {
    private static final int WIDER = 4;

    private final GraphBuilder builder;
    private final String activation;
    private final int length;
    private final int width;
    private final int heads;

    private Transformers(GraphBuilder builder, Keys keys) {
        this.builder = builder;
        activation = Zoo.activation(keys);
        length = keys.positive("length");
        width = keys.positive("width", 64);
        heads = keys.positive("heads", 4);
        if (width % heads != 0) {
            throw keys.wrong("heads", heads, "a divisor of width " + width);
        }
    }

    /** Embedding, positions, blocks of layer norm, attention and a wider layer, the mean over positions, a dense layer. */
    static Model transformer(Keys keys, GraphBuilder builder) {
        Transformers net = new Transformers(builder, keys);
        int classes = keys.positive("classes");
        int depth = keys.positive("depth", 2);
        SDVariable h = net.embedding(keys);
        for (int i = 0; i < depth; i++) {
            h = net.block(h, "layers." + i + ".");
        }
        SDVariable mean = net.sequences(builder.layerNorm(h, "norm", net.width), net.width)
                .mean(1);
        return Zoo.finish(keys, builder, builder.dense(mean, "fc", net.width, classes), classes);
    }

    /** Tokens' rows of a table, or vectors by a dense layer; plus what each position adds. [N length, width]. */
    private SDVariable embedding(Keys keys) {
        SDVariable x;
        if (keys.has("vocabulary")) {
            Zoo.requireInput(keys, length);
            SDVariable tokens = builder.tokens(length);
            SDVariable table = builder.weight("embedding.weight", width, keys.positive("vocabulary"), width);
            x = builder.graph().gather(table, tokens, 0);
        } else {
            int features = keys.positive("features");
            Zoo.requireInput(keys, length * features);
            SDVariable rows = builder.flatten(builder.input(length, features), features);
            x = sequences(builder.dense(rows, "embedding", features, width), width);
        }
        return builder.flatten(x.add(builder.weight("position.weight", width, length, width)), width);
    }

    private SDVariable block(SDVariable x, String name) {
        SDVariable h = x.add(attention(builder.layerNorm(x, name + "norm1", width), name + "attention."));
        SDVariable z =
                builder.dense(builder.layerNorm(h, name + "norm2", width), name + "linear1", width, WIDER * width);
        return h.add(builder.dense(builder.activation(z, activation), name + "linear2", WIDER * width, width));
    }

    /** softmax(Q K^T / sqrt(d)) V in each head. */
    private SDVariable attention(SDVariable x, String name) {
        int d = width / heads;
        SDVariable queries = heads(builder.dense(x, name + "query", width, width));
        SDVariable keys = heads(builder.dense(x, name + "key", width, width));
        SDVariable values = heads(builder.dense(x, name + "value", width, width));
        SDVariable scores = queries.mmul(keys.permute(0, 1, 3, 2)).mul(1 / Math.sqrt(d));
        SDVariable mixed = builder.graph().nn.softmax(scores, -1).mmul(values);
        return builder.dense(builder.flatten(mixed.permute(0, 2, 1, 3), width), name + "out", width, width);
    }

    /** [N length, width] as [N, heads, length, width / heads]. */
    private SDVariable heads(SDVariable rows) {
        return builder.graph().reshape(rows, -1, length, heads, width / heads).permute(0, 2, 1, 3);
    }

    private SDVariable sequences(SDVariable rows, int side) {
        return builder.graph().reshape(rows, -1, length, side);
    }
}
