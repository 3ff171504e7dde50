package io.etastar.taylor.composite;

import io.etastar.graph.GraphOp;
import io.etastar.graph.Model;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Ops that are written as several others once the shapes of their inputs are known; those that need no shapes are in
 * {@link Composites}. Parts may be composites themselves.
 */
public final class ShapeComposites {
    private static final Map<String, Consumer<Parts>> EXPANSIONS = Map.ofEntries(
            Map.entry("divide", p -> Arithmetic.divide(p, p.in(0), p.in(1))),
            Map.entry("reversedivide", p -> Arithmetic.divide(p, p.in(1), p.in(0))),
            Map.entry("rdiv_scalar", Arithmetic::scalarOver),
            Map.entry("reversesubtract", p -> p.part("subtract", p.in(1), p.in(0))),
            Map.entry("swish", p -> p.part("multiply", p.in(0), p.part("sigmoid", p.in(0)))),
            Map.entry("gelu", Arithmetic::geluBySigmoid),
            Map.entry("precise_gelu", Arithmetic::geluByTanh),
            Map.entry("mish", p -> p.part("multiply", p.in(0), p.part("tanh", p.part("softplus", p.in(0))))),
            Map.entry("logsigmoid", p -> p.part("neg", p.part("softplus", p.part("neg", p.in(0))))),
            Map.entry("softsign", Arithmetic::softsign),
            Map.entry("selu", Arithmetic::selu),
            Map.entry("rectified_tanh", p -> p.part("relu", p.part("tanh", p.in(0)))),
            Map.entry("hard_sigmoid", Arithmetic::hardSigmoid),
            Map.entry("prelu", Arithmetic::parametricRelu),
            Map.entry("expand_dims", Layout::expand),
            Map.entry("squeeze", Layout::squeeze),
            Map.entry("cast", Layout::cast),
            Map.entry("concat", Layout::concatenate),
            Map.entry("stack", Layout::stack),
            Map.entry("unstack", Layout::unstack),
            Map.entry("split", Layout::split),
            Map.entry("pad", Layout::pad),
            Map.entry("embedding_lookup", p -> p.part("gather", p.in(0), p.in(1))),
            Map.entry(
                    "softmax",
                    p -> p.part("exp", p.integers("log_softmax", p.source().integers(), p.in(0)))),
            Map.entry("dot_product_attention", Ranks::attention),
            Map.entry("reduce_sqnorm", p -> Statistics.reduce(p, "reduce_sum", p.part("square", p.in(0)))),
            Map.entry(
                    "reduce_norm2", p -> p.part("sqrt", Statistics.reduce(p, "reduce_sum", p.part("square", p.in(0))))),
            Map.entry("var", Statistics::variance),
            Map.entry("std", p -> p.part("sqrt", Statistics.variance(p))),
            Map.entry("moments", Statistics::moments),
            Map.entry("standardize", p -> Statistics.standardise(p, p.in(0))),
            Map.entry("layer_norm", Statistics::layerNorm),
            Map.entry("batchnorm", Statistics::batchNorm),
            Map.entry("softmax_cross_entropy_loss", Losses::softmaxCrossEntropy),
            Map.entry("softmax_cross_entropy_loss_with_logits", Losses::softmaxCrossEntropyOfLogits),
            Map.entry("absolute_difference_loss", Losses::absoluteDifference),
            Map.entry("huber_loss", Losses::huber),
            Map.entry("log_poisson_loss", Losses::poisson),
            Map.entry("cosine_distance_loss", Losses::cosineDistance),
            Map.entry("dropout", Layout::dropout),
            Map.entry("dropout_inverted", Layout::dropout),
            // Of any rank, by the rules for fewer axes:
            Map.entry("matmul", Ranks::matmul),
            Map.entry("log_softmax", Ranks::logSoftmax),
            Map.entry("sparse_softmax_cross_entropy_loss_with_logits", Ranks::crossEntropy),
            Map.entry("depthwise_conv2d", Images::depthwise),
            Map.entry("conv2d", Images::convolution),
            Map.entry("avgpool2d", Images::pool),
            Map.entry("maxpool2d", Images::pool),
            Map.entry("reshape", Layout::reshape));

    private ShapeComposites() {}

    /** Names of the ops that are rewritten here, some of them for some shapes only. */
    public static Set<String> names() {
        return EXPANSIONS.keySet();
    }

    /**
     * The parts of {@code source}, the last of which computes its output; none if it is no composite.
     *
     * @param serial a number that is different for every op of a program, for names
     * @param shapes of the inputs
     */
    public static List<GraphOp> expand(Model model, GraphOp source, int serial, int[]... shapes) {
        Consumer<Parts> expansion = EXPANSIONS.get(source.type());
        if (expansion == null) {
            return List.of();
        }
        Parts parts = new Parts(model, source, serial, shapes);
        expansion.accept(parts);
        return parts.finished();
    }
}
