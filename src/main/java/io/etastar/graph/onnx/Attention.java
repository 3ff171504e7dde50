package io.etastar.graph.onnx;

import static io.etastar.graph.onnx.Translations.single;

import java.util.List;
import java.util.Map;

/** ONNX's Attention of opset 23 on, and its rotary embedding, from products and softmax. */
final class Attention {
    private static final Value NOTHING = Value.of(Constant.number(Double.NEGATIVE_INFINITY, false));

    private Attention() {}

    static void add(Map<String, Translation> ops) {
        single(ops, "Attention", Attention::attention);
        single(ops, "RotaryEmbedding", Attention::rotary);
    }

    /**
     * softmax(s Q K^T + mask) V in each head, for [N, heads, T, d], or [N, T, heads d] with the numbers of heads among the
     * attributes. Fewer heads of keys and values serve several heads of queries each.
     */
    private static Value attention(OnnxNode n, Building b) {
        for (int i = 4; i < n.inputs(); i++) {
            if (n.has(i)) {
                throw n.error("keys and values of the past", "none: whole sequences");
            }
        }
        // Of a further output, which is not computed, and of the type of softmax.
        n.passOver("qk_matmul_output_mode", "softmax_precision", "q_num_heads", "kv_num_heads");
        boolean flat = n.in(0).rank() == 3;
        Value queries = flat ? heads(b, n.in(0), n.required("q_num_heads")) : n.in(0);
        Value keys = flat ? heads(b, n.in(1), n.required("kv_num_heads")) : n.in(1);
        Value values = flat ? heads(b, n.in(2), n.required("kv_num_heads")) : n.in(2);
        long times = queries.side(1) / keys.side(1);
        keys = repeated(b, keys, times);
        values = repeated(b, values, times);
        double scale = n.real("scale", 1 / Math.sqrt(queries.side(3)));
        Value scores = b.multiply(Matrices.product(b, queries, b.swapped(keys, 2, 3)), scale);
        double cap = n.real("softcap", 0);
        if (cap > 0) {
            scores = b.multiply(
                    b.unary(
                            b.multiply(scores, 1 / cap),
                            Math::tanh,
                            v -> b.graph().math.tanh(v)),
                    cap);
        }
        Value seen = seen(n, b, scores);
        if (n.has(3) && !n.in(3).whole()) {
            scores = b.add(scores, b.finite(n.in(3)));
        }
        Value weights = Reductions.softmax(b, b.chosen(seen, scores, NOTHING), 3, false);
        // A query that sees nothing takes nothing.
        weights = b.multiply(weights, b.step(b.sum(seen, true, seen.rank() - 1)));
        Value mixed = Matrices.product(b, weights, values);
        if (!flat) {
            return mixed;
        }
        Value rows = b.transposed(mixed, 0, 2, 1, 3);
        return b.reshaped(rows, rows.side(0), rows.side(1), rows.side(2) * rows.side(3));
    }

    private static Value heads(Building b, Value x, long heads) {
        return b.transposed(b.reshaped(x, x.side(0), x.side(1), heads, x.side(2) / heads), 0, 2, 1, 3);
    }

    /** [N, h, T, d] as [N, h times, T, d], each head several times in a row. */
    private static Value repeated(Building b, Value x, long times) {
        if (times == 1) {
            return x;
        }
        Value apart = b.reshaped(x, Sides.inserted(x.shape(), 2, 1));
        Value wide = b.expanded(apart, Sides.with(apart.shape(), 2, times));
        return b.reshaped(wide, Sides.with(x.shape(), 1, x.side(1) * times));
    }

    /** 1 where a query sees a key: a mask of truth, and the causal one; [..., T, T]. */
    private static Value seen(OnnxNode n, Building b, Value scores) {
        int rows = Sides.ofRow(scores.side(2));
        int columns = Sides.ofRow(scores.side(3));
        boolean causal = n.flag("is_causal", false);
        double[] before = new double[rows * columns];
        for (int i = 0; i < before.length; i++) {
            before[i] = !causal || i % columns <= i / columns ? 1 : 0;
        }
        Value seen = Value.of(Constant.of(true, new long[] {rows, columns}, before));
        return n.has(3) && n.in(3).whole() ? b.multiply(seen, n.in(3)) : seen;
    }

    /** Pairs of a head's elements turned by angles of their position, whose cosines and sines are known. */
    private static Value rotary(OnnxNode n, Building b) {
        n.passOver("num_heads");
        boolean flat = n.in(0).rank() == 3;
        Value x = flat ? heads(b, n.in(0), n.required("num_heads")) : n.in(0);
        long given = n.integer("rotary_embedding_dim", 0);
        long width = given == 0 ? x.side(3) : given;
        Value turned = b.sliced(x, 3, 0, 1, width);
        boolean interleaved = n.flag("interleaved", false);
        Value first = interleaved ? b.sliced(turned, 3, 0, 2, width / 2) : b.sliced(turned, 3, 0, 1, width / 2);
        Value second =
                interleaved ? b.sliced(turned, 3, 1, 2, width / 2) : b.sliced(turned, 3, width / 2, 1, width / 2);
        Value cosine = table(n, b, n.in(1), x.side(2));
        Value sine = table(n, b, n.in(2), x.side(2));
        Value left = b.subtract(b.multiply(first, cosine), b.multiply(second, sine));
        Value right = b.add(b.multiply(first, sine), b.multiply(second, cosine));
        Value both = joined(b, left, right, interleaved);
        Value whole =
                width == x.side(3) ? both : b.joined(3, List.of(both, b.sliced(x, 3, width, 1, x.side(3) - width)));
        if (!flat) {
            return whole;
        }
        Value rows = b.transposed(whole, 0, 2, 1, 3);
        return b.reshaped(rows, rows.side(0), rows.side(1), rows.side(2) * rows.side(3));
    }

    private static Value joined(Building b, Value left, Value right, boolean interleaved) {
        if (!interleaved) {
            return b.joined(3, List.of(left, right));
        }
        long[] apart = Sides.inserted(left.shape(), 4, 1);
        Value pairs = b.joined(4, List.of(b.reshaped(left, apart), b.reshaped(right, apart)));
        return b.reshaped(pairs, Sides.with(left.shape(), 3, 2 * left.side(3)));
    }

    /** Rows of a cache at the positions of the fourth input, [N, T, d / 2] or the same for all N, as [N, 1, T, d / 2]. */
    private static Value table(OnnxNode n, Building b, Value cache, long length) {
        if (!n.has(3)) {
            return b.reshaped(cache, Sides.inserted(cache.shape(), cache.rank() - 2, 1));
        }
        Constant positions = n.constant(3);
        long[] places = positions.longs();
        Value rows = b.taken(cache, 0, places.length, i -> (int) places[i]);
        return b.reshaped(rows, places.length / length, 1, length, cache.side(1));
    }
}
