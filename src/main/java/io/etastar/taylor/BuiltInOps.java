package io.etastar.taylor;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.composite.Arithmetic;
import io.etastar.taylor.composite.ArrayOps;
import io.etastar.taylor.composite.Decomposer;
import io.etastar.taylor.composite.Images;
import io.etastar.taylor.composite.Losses;
import io.etastar.taylor.composite.Ranks;
import io.etastar.taylor.composite.Statistics;
import io.etastar.taylor.function.ElementaryFunctions;
import io.etastar.taylor.function.Huber;
import io.etastar.taylor.function.PiecewiseLinear.Clip;
import io.etastar.taylor.function.PiecewiseLinear.Floor;
import io.etastar.taylor.function.PiecewiseLinear.Hinge;
import io.etastar.taylor.function.PiecewiseLinear.Step;
import io.etastar.taylor.function.Power;
import io.etastar.taylor.function.ScalarFunctions;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.OpCatalogue;
import io.etastar.taylor.graph.OpDefinition;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;

/** The engine's own ops, one line each: SameDiff's name, rule, decomposition into other ops, traits. */
final class BuiltInOps {
    private static final OpCatalogue OWN = new BuiltInOps().catalogue();
    private static final OpCatalogue INSTALLED = OWN.orElse(Rules::provided);

    private final List<OpDefinition> ops = new ArrayList<>();

    private BuiltInOps() {}

    /** The engine's own ops alone. */
    static OpCatalogue own() {
        return OWN;
    }

    /** The engine's own ops, and those of providers that a thread's class loader sees. */
    static OpCatalogue installed() {
        return INSTALLED;
    }

    private OpCatalogue catalogue() {
        linear();
        moves();
        functions();
        compositeFunctions();
        arrays();
        statistics();
        losses();
        return OpCatalogue.of(BuiltInOps.class, ops);
    }

    private void linear() {
        ops.add(op("matmul", new MatmulRule()).decomposedBy(parts(Ranks::matmul)));
        rule("multiply", new MultiplyRule());
        ops.add(op("conv2d", new ConvolutionRule())
                .decomposedBy(parts(Images::convolution))
                .splitBy(Images::withoutBias));
        ops.add(op("depthwise_conv2d", new DepthwiseRule()).decomposedBy(parts(Images::depthwise)));
        rule("add", new AddRule(false, false));
        rule("subtract", new AddRule(true, false));
        // A bias of channels may change places with a max pooling; one of the last axis may not.
        ops.add(op("biasadd", new AddRule(false, true))
                .monotoneIf(source -> source.flags().length > 0 && source.flags()[0]));
        ops.add(op("reshape", new ReshapeRule()).decomposedBy(parts(ArrayOps::reshape)));
        monotone("identity", new AffineRule(c -> 1, c -> 0));
        ops.add(op("stop_gradient", new AffineRule(c -> 1, c -> 0)).stoppingGradient());
        rule("neg", new AffineRule(c -> -1, c -> 0));
        rule("add_scalar", new AffineRule(c -> 1, c -> c));
        rule("sub_scalar", new AffineRule(c -> 1, c -> -c));
        rule("rsub_scalar", new AffineRule(c -> -1, c -> c));
        rule("mul_scalar", new AffineRule(c -> c, c -> 0));
        rule("div_scalar", new AffineRule(c -> 1 / c, c -> 0));
        rule("reduce_sum", new SumRule(false));
        rule("reduce_mean", new SumRule(true));
        ops.add(op("avgpool2d", new AveragePoolRule()).decomposedBy(parts(Images::pool)));
        ops.add(op("maxpool2d", new MaxPoolRule()).decomposedBy(parts(Images::pool)));
        composite("xw_plus_b", p -> p.part("add", p.part("matmul", p.in(0), p.in(1)), p.in(2)));
    }

    /** Elements in other places; {@code place} and {@code dropout_mask} are parts of composites. */
    private void moves() {
        rule("permute", new SelectRule(Views::permute));
        rule("transpose", new SelectRule(Views::permute));
        rule("slice", new SelectRule(Views::slice));
        rule("strided_slice", new SelectRule(Views::stridedSlice));
        rule("tile", new SelectRule(Views::tile));
        rule("reverse", new SelectRule(Views::reverse));
        rule("upsampling2d", new SelectRule(Views::enlarge));
        rule("place", new PlaceRule());
        rule("gather", new GatherRule());
        rule("dropout_mask", new DropoutMaskRule());
    }

    private void functions() {
        ops.add(OpDefinition.ofRule("relu", BuiltInOps::relu).monotoneIf(source -> true));
        monotone("tanh", new ScalarRule(Unary.TANH, ScalarFunctions.TANH));
        monotone("sigmoid", new ScalarRule(Unary.SIGMOID, ScalarFunctions.SIGMOID));
        monotone("elu", new ScalarRule(Unary.ELU, ScalarFunctions.ELU));
        monotone("softplus", new ScalarRule(Unary.SOFTPLUS, ScalarFunctions.SOFTPLUS));
        monotone("atan", new ScalarRule(Unary.ARCTAN, ScalarFunctions.ARCTAN));
        monotone("erf", new ScalarRule(Unary.ERF, ScalarFunctions.ERF));
        monotone("exp", new ScalarRule(Unary.EXP, ScalarFunctions.EXP));
        rule("log", new ScalarRule(Unary.LOG, ScalarFunctions.LOG));
        rule("square", new ScalarRule(Unary.SQUARE, ScalarFunctions.SQUARE));
        rule("sqrt", power(0.5));
        rule("rsqrt", power(-0.5));
        rule("Reciprocal", power(-1));
        rule("cube", power(3));
        rule("abs", hinge(-1, 0));
        rule("hardtanh", clip(-1, 1));
        ops.add(OpDefinition.ofRule("step", source -> step(number(source, 0, 0)))
                .stoppingGradient());
        Floor floor = new Floor();
        ops.add(op("floor", new PiecewiseLinearRule(floor, floor)).stoppingGradient());
        rule("relu6", clip(0, 6));
        for (ElementaryFunctions f : ElementaryFunctions.values()) {
            rule(f.name().toLowerCase(Locale.ROOT), new ScalarRule(f, f));
        }
        rule("pow", source -> power(number(source, 0, 1)));
        rule("leakyrelu", source -> hinge(number(source, 0, 0.01), number(source, 0, 0.01)));
        rule("ClipByValue", source -> clip(number(source, 0, -1), number(source, 1, 1)));
        rule("huber", source -> huber(number(source, 0, 1)));
        ops.add(op("log_softmax", new LogSoftmaxRule()).decomposedBy(parts(Ranks::logSoftmax)));
    }

    private void compositeFunctions() {
        composite("divide", p -> Arithmetic.divide(p, p.in(0), p.in(1)));
        composite("reversedivide", p -> Arithmetic.divide(p, p.in(1), p.in(0)));
        composite("rdiv_scalar", Arithmetic::scalarOver);
        composite("reversesubtract", p -> p.part("subtract", p.in(1), p.in(0)));
        composite("squaredsubtract", p -> p.part("square", p.part("subtract", p.in(0), p.in(1))));
        composite("swish", p -> p.part("multiply", p.in(0), p.part("sigmoid", p.in(0))));
        composite("gelu", Arithmetic::geluBySigmoid);
        composite("precise_gelu", Arithmetic::geluByTanh);
        composite("mish", p -> p.part("multiply", p.in(0), p.part("tanh", p.part("softplus", p.in(0)))));
        composite("logsigmoid", p -> p.part("neg", p.part("softplus", p.part("neg", p.in(0)))));
        composite("softsign", Arithmetic::softsign);
        composite("selu", Arithmetic::selu);
        composite("rectified_tanh", p -> p.part("relu", p.part("tanh", p.in(0))));
        composite("hard_sigmoid", Arithmetic::hardSigmoid);
        composite("prelu", Arithmetic::parametricRelu);
        composite(
                "softmax",
                p -> p.part("exp", p.integers("log_softmax", p.source().integers(), p.in(0))));
        composite("dot_product_attention", Ranks::attention);
    }

    private void arrays() {
        composite("expand_dims", ArrayOps::expand);
        composite("squeeze", ArrayOps::squeeze);
        composite("cast", ArrayOps::cast);
        composite("concat", ArrayOps::concatenate);
        composite("stack", ArrayOps::stack);
        composite("unstack", ArrayOps::unstack);
        composite("split", ArrayOps::split);
        composite("pad", ArrayOps::pad);
        composite("embedding_lookup", p -> p.part("gather", p.in(0), p.in(1)));
        composite("dropout", ArrayOps::dropout);
        composite("dropout_inverted", ArrayOps::dropout);
    }

    private void statistics() {
        composite("reduce_sqnorm", p -> Statistics.reduce(p, "reduce_sum", p.part("square", p.in(0))));
        composite("reduce_norm2", p -> p.part("sqrt", Statistics.reduce(p, "reduce_sum", p.part("square", p.in(0)))));
        composite("var", Statistics::variance);
        composite("std", p -> p.part("sqrt", Statistics.variance(p)));
        composite("moments", Statistics::moments);
        composite("standardize", p -> Statistics.standardise(p, p.in(0)));
        composite("layer_norm", Statistics::layerNorm);
        composite("batchnorm", Statistics::batchNorm);
    }

    private void losses() {
        ops.add(op("sparse_softmax_cross_entropy_loss_with_logits", new CrossEntropyRule())
                .decomposedBy(parts(Ranks::crossEntropy)));
        composite("softmax_cross_entropy_loss", Losses::softmaxCrossEntropy);
        composite("softmax_cross_entropy_loss_with_logits", Losses::softmaxCrossEntropyOfLogits);
        composite("sigm_cross_entropy_loss", Losses::binaryCrossEntropyOfLogits);
        composite("log_loss", Losses::binaryCrossEntropy);
        composite("mean_sqerr_loss", Losses::squaredDifference);
        composite("absolute_difference_loss", Losses::absoluteDifference);
        composite("huber_loss", Losses::huber);
        composite("log_poisson_loss", Losses::poisson);
        composite("cosine_distance_loss", Losses::cosineDistance);
    }

    private static OpDefinition op(String name, Rule rule) {
        return OpDefinition.ofRule(name, source -> rule);
    }

    private static OpDefinition.Decomposition parts(Consumer<Decomposer> parts) {
        return Decomposer.of(parts);
    }

    private void rule(String name, Rule rule) {
        ops.add(op(name, rule));
    }

    /** A rule that depends on an op's own numbers. */
    private void rule(String name, Function<GraphOp, Rule> rule) {
        ops.add(OpDefinition.ofRule(name, rule));
    }

    private void monotone(String name, Rule rule) {
        ops.add(op(name, rule).monotoneIf(source -> true));
    }

    private void composite(String name, Consumer<Decomposer> parts) {
        ops.add(OpDefinition.ofDecomposition(name, Decomposer.of(parts)));
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

    private static Rule step(double cut) {
        Step f = new Step(cut);
        return new PiecewiseLinearRule(f, f);
    }

    private static Rule huber(double delta) {
        Huber f = new Huber(delta);
        return new ScalarRule(f, f);
    }
}
