package io.etastar.taylor;

import io.etastar.UserError;
import io.etastar.graph.GraphOp;
import io.etastar.taylor.composite.Composites;
import io.etastar.taylor.function.Clip;
import io.etastar.taylor.function.ElementaryFunctions;
import io.etastar.taylor.function.Hinge;
import io.etastar.taylor.function.Huber;
import io.etastar.taylor.function.Power;
import io.etastar.taylor.function.ScalarFunctions;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.Rule;
import io.etastar.taylor.rule.AddRule;
import io.etastar.taylor.rule.AffineRule;
import io.etastar.taylor.rule.AveragePoolRule;
import io.etastar.taylor.rule.ConvolutionRule;
import io.etastar.taylor.rule.CrossEntropyRule;
import io.etastar.taylor.rule.DepthwiseRule;
import io.etastar.taylor.rule.DropoutMaskRule;
import io.etastar.taylor.rule.LogSoftmaxRule;
import io.etastar.taylor.rule.MatmulRule;
import io.etastar.taylor.rule.MaxPoolRule;
import io.etastar.taylor.rule.MultiplyRule;
import io.etastar.taylor.rule.PiecewiseLinearRule;
import io.etastar.taylor.rule.ReshapeRule;
import io.etastar.taylor.rule.ScalarRule;
import io.etastar.taylor.rule.SumRule;
import io.etastar.taylor.rule.indexing.GatherRule;
import io.etastar.taylor.rule.indexing.PlaceRule;
import io.etastar.taylor.rule.indexing.SelectRule;
import io.etastar.taylor.rule.indexing.Views;
import io.etastar.tensor.Kernels.Unary;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Every op that has a rule, by SameDiff's name; one line each. Ops made of others are in {@link Composites}. */
final class RuleRegistry {
    private static final Map<String, Rule> RULES = new LinkedHashMap<>();
    /** Rules that depend on an op's own numbers. */
    private static final Map<String, Function<GraphOp, Rule>> PARAMETRIC = new LinkedHashMap<>();

    static {
        moves();
        functions();
        RULES.put("matmul", new MatmulRule());
        RULES.put("multiply", new MultiplyRule());
        RULES.put("conv2d", new ConvolutionRule());
        RULES.put("depthwise_conv2d", new DepthwiseRule());

        RULES.put("add", new AddRule(false, false));
        RULES.put("subtract", new AddRule(true, false));
        RULES.put("biasadd", new AddRule(false, true));
        RULES.put("reshape", new ReshapeRule());
        RULES.put("identity", new AffineRule(c -> 1, c -> 0));
        RULES.put("stop_gradient", new AffineRule(c -> 1, c -> 0));
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

        PARAMETRIC.put("relu", RuleRegistry::relu);
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

    /** Elements in other places; {@code place} and {@code dropout_mask} are parts of composites. */
    private static void moves() {
        RULES.put("permute", new SelectRule(Views::permute));
        RULES.put("transpose", new SelectRule(Views::permute));
        RULES.put("slice", new SelectRule(Views::slice));
        RULES.put("strided_slice", new SelectRule(Views::stridedSlice));
        RULES.put("tile", new SelectRule(Views::tile));
        RULES.put("reverse", new SelectRule(Views::reverse));
        RULES.put("upsampling2d", new SelectRule(Views::enlarge));
        RULES.put("place", new PlaceRule());
        RULES.put("gather", new GatherRule());
        RULES.put("dropout_mask", new DropoutMaskRule());
    }

    private static void functions() {
        RULES.put("sqrt", power(0.5));
        RULES.put("rsqrt", power(-0.5));
        RULES.put("Reciprocal", power(-1));
        RULES.put("cube", power(3));
        RULES.put("abs", hinge(-1, 0));
        RULES.put("hardtanh", clip(-1, 1));
        RULES.put("relu6", clip(0, 6));
        for (ElementaryFunctions f : ElementaryFunctions.values()) {
            RULES.put(f.name().toLowerCase(Locale.ROOT), new ScalarRule(f, f));
        }
        PARAMETRIC.put("pow", source -> power(number(source, 0, 1)));
        PARAMETRIC.put("leakyrelu", source -> hinge(number(source, 0, 0.01), number(source, 0, 0.01)));
        PARAMETRIC.put("ClipByValue", source -> clip(number(source, 0, -1), number(source, 1, 1)));
        PARAMETRIC.put("huber", source -> huber(number(source, 0, 1)));
    }

    private static Rule relu(GraphOp source) {
        if (number(source, 0, 0) != 0) {
            throw Op.error(source, "found cut-off " + number(source, 0, 0) + ", expected 0");
        }
        return new PiecewiseLinearRule(Unary.RELU, ScalarFunctions.RELU);
    }

    private static double number(GraphOp source, int i, double otherwise) {
        return source.scalars().length > i ? source.scalars()[i] : otherwise;
    }

    private static Rule power(double exponent) {
        Power f = new Power(exponent);
        return new ScalarRule(f, f);
    }

    private static Rule hinge(double below, double atZero) {
        Hinge f = new Hinge(below, atZero);
        return new PiecewiseLinearRule(f, f);
    }

    private static Rule clip(double low, double high) {
        Clip f = new Clip(low, high);
        return new PiecewiseLinearRule(f, f);
    }

    private static Rule huber(double delta) {
        Huber f = new Huber(delta);
        return new ScalarRule(f, f);
    }

    /** Names of the ops that have a rule. */
    static Set<String> names() {
        Set<String> names = new LinkedHashSet<>(RULES.keySet());
        names.addAll(PARAMETRIC.keySet());
        return names;
    }

    /**
     * The rule of an op.
     *
     * @throws UserError naming op, graph node and this registry
     */
    static Rule of(GraphOp source) {
        Function<GraphOp, Rule> parametric = PARAMETRIC.get(source.type());
        Rule rule = parametric == null ? RULES.get(source.type()) : parametric.apply(source);
        if (rule == null) {
            rule = Rules.find(source);
        }
        if (rule == null) {
            throw Op.error(
                    source,
                    "no rule is registered for it in " + RuleRegistry.class.getName() + ", expected one of " + names());
        }
        return rule;
    }
}
