package io.etastar.taylor;

import io.etastar.graph.Model;
import java.util.Map;
import org.nd4j.autodiff.loss.LossReduce;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ops.impl.loss.SoftmaxCrossEntropyWithLogitsLoss;
import org.nd4j.linalg.factory.Nd4j;

/** Losses beyond the plain ones. */
final class LossGraphs {
    private LossGraphs() {}

    static void add(Map<String, Model> models) {
        models.put("softmax_cross_entropy_loss", softmax(0, false));
        models.put("softmax_cross_entropy_loss smoothed", softmax(0.1, false));
        models.put("softmax_cross_entropy_loss weighted", softmax(0.1, true));
        models.put(
                "sigm_cross_entropy_loss smoothed",
                TestGraphs.element(
                        (t, z) -> t.graph.loss.sigmoidCrossEntropy(null, t.y, z, null, LossReduce.NONE, 0.2)));
        models.put(
                "absolute_difference_loss",
                TestGraphs.element((t, z) ->
                        t.graph.loss.absoluteDifference(null, t.y, t.graph.math.tanh(z), null, LossReduce.NONE)));
        models.put(
                "huber_loss",
                TestGraphs.element((t, z) -> t.graph.loss.huberLoss(null, t.y, z, null, LossReduce.NONE, 0.6)));
        models.put(
                "log_poisson_loss",
                TestGraphs.element((t, z) -> t.graph.loss.logPoisson(null, t.y, z, null, LossReduce.NONE, false)));
        models.put(
                "cosine_distance_loss",
                TestGraphs.element((t, z) ->
                        t.graph.loss.cosineDistance(null, t.y, t.graph.math.tanh(z), null, LossReduce.NONE, 1)));
        models.put("softmax_cross_entropy_loss_with_logits", ofLogits());
        models.put("cross-entropy of a sequence", sequence());
    }

    /** Targets are the softmax of y. */
    private static Model softmax(double smoothing, boolean weighted) {
        TestGraphs t = new TestGraphs(false);
        SDVariable h = t.graph.math.tanh(t.dense(t.flat(), "a", TestGraphs.FEATURES, 4));
        SDVariable z = t.dense(h, "b", 4, TestGraphs.TARGETS);
        SDVariable weights = weighted ? t.graph.constant(Nd4j.scalar(1.5)) : null;
        t.graph.loss.softmaxCrossEntropy("loss", t.graph.nn.softmax(t.y), z, weights, LossReduce.NONE, smoothing);
        return t.model(z);
    }

    private static Model ofLogits() {
        TestGraphs t = new TestGraphs(false);
        SDVariable z = t.dense(t.flat(), "a", TestGraphs.FEATURES, TestGraphs.TARGETS);
        new SoftmaxCrossEntropyWithLogitsLoss(t.graph, z, t.graph.nn.softmax(t.y), -1)
                .outputVariable()
                .rename("loss");
        return t.model(z);
    }

    /** The label stands for two classes in turn. */
    private static Model sequence() {
        TestGraphs t = new TestGraphs(true);
        SDVariable h = t.graph.math.tanh(t.dense(t.flat(), "a", TestGraphs.FEATURES, 4));
        SDVariable z = t.graph.reshape(t.dense(h, "b", 4, 6), -1, 2, TestGraphs.TARGETS);
        SDVariable labels = t.graph.tile(t.graph.expandDims(t.y, 1), 1, 2);
        return t.each(t.graph.loss.sparseSoftmaxCrossEntropy(null, z, labels), true);
    }
}
