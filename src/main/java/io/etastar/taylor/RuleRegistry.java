package io.etastar.taylor;

import io.etastar.UserError;
import io.etastar.graph.GraphOp;
import io.etastar.tensor.Kernels.Unary;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Every op that has a rule, by SameDiff's name; one line each. Ops made of others are in {@link Composites}. */
final class RuleRegistry {
    private static final Map<String, Rule> RULES = new LinkedHashMap<>();

    static {
        RULES.put("matmul", new MatmulRule());
        RULES.put("multiply", new MultiplyRule());
        RULES.put("conv2d", new ConvolutionRule());

        RULES.put("add", new AddRule(false, false));
        RULES.put("subtract", new AddRule(true, false));
        RULES.put("biasadd", new AddRule(false, true));
        RULES.put("reshape", new ReshapeRule());
        RULES.put("identity", new AffineRule(c -> 1, c -> 0));
        RULES.put("neg", new AffineRule(c -> -1, c -> 0));
        RULES.put("add_scalar", new AffineRule(c -> 1, c -> c));
        RULES.put("sub_scalar", new AffineRule(c -> 1, c -> -c));
        RULES.put("rsub_scalar", new AffineRule(c -> -1, c -> c));
        RULES.put("mul_scalar", new AffineRule(c -> c, c -> 0));
        RULES.put("div_scalar", new AffineRule(c -> 1 / c, c -> 0));
        RULES.put("reduce_sum", new SumRule(false));
        RULES.put("reduce_mean", new SumRule(true));
        RULES.put("avgpool2d", new AveragePoolRule());
        RULES.put("maxpool2d", new MaxPoolRule());

        RULES.put("relu", new PiecewiseLinearRule(Unary.RELU, ScalarFunctions.RELU));
        RULES.put("tanh", new ScalarRule(Unary.TANH, ScalarFunctions.TANH));
        RULES.put("sigmoid", new ScalarRule(Unary.SIGMOID, ScalarFunctions.SIGMOID));
        RULES.put("elu", new ScalarRule(Unary.ELU, ScalarFunctions.ELU));
        RULES.put("softplus", new ScalarRule(Unary.SOFTPLUS, ScalarFunctions.SOFTPLUS));
        RULES.put("atan", new ScalarRule(Unary.ARCTAN, ScalarFunctions.ARCTAN));
        RULES.put("erf", new ScalarRule(Unary.ERF, ScalarFunctions.ERF));
        RULES.put("exp", new ScalarRule(Unary.EXP, ScalarFunctions.EXP));
        RULES.put("log", new ScalarRule(Unary.LOG, ScalarFunctions.LOG));
        RULES.put("square", new ScalarRule(Unary.SQUARE, ScalarFunctions.SQUARE));

        RULES.put("log_softmax", new LogSoftmaxRule());
        RULES.put("sparse_softmax_cross_entropy_loss_with_logits", new CrossEntropyRule());
    }

    private RuleRegistry() {}

    /** Names of the ops that have a rule. */
    static Set<String> names() {
        return Collections.unmodifiableSet(RULES.keySet());
    }

    /**
     * The rule of an op.
     *
     * @throws UserError naming op, graph node and this registry
     */
    static Rule of(GraphOp source) {
        Rule rule = RULES.get(source.type());
        if (rule == null) {
            throw Op.error(
                    source,
                    "no rule is registered for it in " + RuleRegistry.class.getName() + ", expected one of "
                            + RULES.keySet());
        }
        return rule;
    }
}
