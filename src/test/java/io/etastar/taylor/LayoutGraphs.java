package io.etastar.taylor;

import io.etastar.graph.Model;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.enums.PartitionMode;
import org.nd4j.linalg.factory.Nd4j;

/** Ops that move elements, and products of stacks of matrices. */
final class LayoutGraphs {
    private LayoutGraphs() {}

    private static final Map<String, BiFunction<TestGraphs, SDVariable, SDVariable>> MOVES = new LinkedHashMap<>();

    static {
        moves();
        joins();
        products();
    }

    /** Each takes tanh of a dense layer as [N, 4, 3] and gives any shape of 12 elements a row. */
    static void add(Map<String, Model> models) {
        MOVES.forEach((name, f) -> {
            TestGraphs t = new TestGraphs(false);
            SDVariable h = t.graph.math.tanh(t.dense(t.flat(), "a", TestGraphs.FEATURES, 12));
            SDVariable moved = f.apply(t, t.graph.reshape(h, -1, 4, 3));
            models.put(name, t.squared(t.dense(t.graph.reshape(moved, -1, 12), "b", 12, TestGraphs.TARGETS)));
        });
        models.put("gather", gathered(false));
        models.put("embedding_lookup", lookedUp());
        models.put("gather of constant rows", gathered(true));
        models.put("transpose of a weight", turned());
    }

    private static void put(String name, BiFunction<TestGraphs, SDVariable, SDVariable> f) {
        MOVES.put(name, f);
    }

    private static void moves() {
        put("permute", (t, h) -> t.graph.permute(h, 0, 2, 1));
        put("permute there and back", (t, h) -> {
            SDVariable turned = t.graph.math.square(t.graph.permute(h, 2, 0, 1));
            return t.graph.permute(turned, 1, 2, 0);
        });
        put("slice", (t, h) -> t.graph.tile(t.graph.slice(h, new int[] {0, 1, 0}, -1, 2, 3), 1, 2, 1));
        put(
                "strided_slice",
                (t, h) ->
                        t.graph.tile(h.get(SDIndex.all(), SDIndex.interval(0, 2, 4), SDIndex.interval(1, 3)), 1, 1, 3));
        put("strided_slice of a point", (t, h) -> t.graph.tile(h.get(SDIndex.all(), SDIndex.point(2)), 1, 4));
        put("tile", (t, h) -> t.graph.tile(t.graph.slice(h, new int[] {0, 0, 0}, -1, 2, 3), 1, 2, 1));
        put("reverse", (t, h) -> t.graph.reverse(h, 1));
        put("expand_dims", (t, h) -> t.graph.expandDims(h, 2));
        put("squeeze", (t, h) -> t.graph.squeeze(t.graph.math.square(t.graph.expandDims(h, 1)), 1));
        put("pad", (t, h) -> {
            SDVariable part = t.graph.slice(h, new int[] {0, 0, 0}, -1, 2, 3);
            return t.graph.nn.pad(
                    part, t.graph.constant(Nd4j.createFromArray(new int[][] {{0, 0}, {1, 1}, {0, 0}})), 0);
        });
        put("reshape by a constant", (t, h) -> t.graph.reshape(h, t.graph.constant(Nd4j.createFromArray(-1, 6, 2))));
    }

    private static void joins() {
        put("concat", (t, h) -> {
            SDVariable left = t.graph.slice(h, new int[] {0, 0, 0}, -1, 4, 1);
            SDVariable right = t.dense(t.flat(), "c", TestGraphs.FEATURES, 8);
            return t.graph.concat(2, left, t.graph.math.sin(t.graph.reshape(right, -1, 4, 2)));
        });
        put("concat of three", (t, h) -> {
            SDVariable part = t.graph.slice(h, new int[] {0, 0, 0}, -1, 1, 3);
            SDVariable rest = t.graph.slice(h, new int[] {0, 2, 0}, -1, 2, 3);
            return t.graph.concat(1, rest, t.graph.math.square(part), part);
        });
        put("stack", (t, h) -> {
            SDVariable part = t.graph.slice(h, new int[] {0, 1, 0}, -1, 2, 3);
            return t.graph.stack(1, part, t.graph.math.square(part));
        });
        put("unstack", (t, h) -> t.graph.tile(t.graph.unstack(h, 2, 3)[1], 1, 3));
        put("split", (t, h) -> t.graph.tile(t.graph.split(h, 2, 1)[1], 1, 2, 1));
    }

    private static void products() {
        put("batched matmul", (t, h) -> {
            SDVariable g = t.graph.reshape(t.dense(t.flat(), "c", TestGraphs.FEATURES, 9), -1, 3, 3);
            return t.graph.mmul(h, g);
        });
        put("batched matmul transposed", (t, h) -> {
            SDVariable g = t.graph.reshape(t.dense(t.flat(), "c", TestGraphs.FEATURES, 6), -1, 2, 3);
            SDVariable scores = t.graph.mmul(null, h, g, false, true, false);
            SDVariable mixed = t.graph.mmul(null, scores, h, true, false, false);
            return t.graph.tile(mixed, 1, 2, 1);
        });
        put("batched matmul transposed twice", (t, h) -> {
            SDVariable g = t.graph.reshape(t.dense(t.flat(), "c", TestGraphs.FEATURES, 16), -1, 4, 4);
            return t.graph.mmul(null, h, g, true, true, false);
        });
        put("matmul of four axes", (t, h) -> {
            SDVariable heads = t.graph.reshape(h, -1, 2, 2, 3);
            SDVariable scores = t.graph.mmul(null, heads, heads, false, true, false);
            return t.graph.mmul(scores, heads);
        });
        put("stack times a matrix", (t, h) -> t.graph.mmul(h, t.parameter("w", 3, 3)));
        put("softmax over another axis", (t, h) -> t.graph.nn.softmax(h, 1));
        put("log_softmax of three axes", (t, h) -> t.graph.nn.logSoftmax(h));
        put("softmax of three axes", (t, h) -> t.graph.nn.softmax(h));
    }

    /** Rows of a table, picked by the labels or by constants. */
    private static Model gathered(boolean constant) {
        TestGraphs t = new TestGraphs(true);
        SDVariable h = t.graph.math.tanh(t.dense(t.flat(), "a", TestGraphs.FEATURES, 4));
        SDVariable table = t.parameter("table", 3, 4);
        SDVariable rows = constant
                ? t.graph
                        .gather(t.graph.math.tanh(table), new int[] {2, 0, 2}, 0)
                        .sum(0)
                : t.graph.gather(t.graph.math.tanh(table), t.y, 0);
        return t.each(t.graph.math.square(t.graph.math.sub(h, rows)), true);
    }

    private static Model lookedUp() {
        TestGraphs t = TestGraphs.ofWords(true, 4);
        SDVariable words =
                t.graph.math.embeddingLookup(t.parameter("table", TestGraphs.WORDS, 3), t.x, PartitionMode.MOD);
        SDVariable z = t.dense(t.graph.math.tanh(words).mean(1), "b", 3, TestGraphs.TARGETS);
        t.graph.loss.sparseSoftmaxCrossEntropy("loss", z, t.y);
        return t.model(z);
    }

    private static Model turned() {
        TestGraphs t = new TestGraphs(false);
        SDVariable w = t.graph.transpose(t.parameter("w", 4, TestGraphs.FEATURES));
        return t.squared(t.dense(t.graph.math.tanh(t.flat().mmul(w)), "b", 4, TestGraphs.TARGETS));
    }
}
