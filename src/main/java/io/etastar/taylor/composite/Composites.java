package io.etastar.taylor.composite;

import io.etastar.graph.GraphOp;
import io.etastar.graph.GraphReader;
import io.etastar.graph.Model;
import io.etastar.taylor.graph.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Ops that are written as several others before a program is compiled.
 *
 * <p>Loss ops of SameDiff come with a reduction; only the one without (one value per element) is taken, so that a sample's
 * weight can enter: reduce with mean or sum over the axes behind the samples.
 */
public final class Composites {
    private static final Set<String> NAMES =
            Set.of("conv2d", "xw_plus_b", "squaredsubtract", "mean_sqerr_loss", "sigm_cross_entropy_loss", "log_loss");

    private final Model model;
    private final GraphOp source;
    private final List<GraphOp> parts = new ArrayList<>();

    private Composites(Model model, GraphOp source) {
        this.model = model;
        this.source = source;
    }

    /** Names of the ops that are rewritten here. */
    public static Set<String> names() {
        return NAMES;
    }

    /** The parts of {@code source}, or itself if it is no composite. */
    public static List<GraphOp> expand(Model model, GraphOp source) {
        Composites composites = new Composites(model, source);
        switch (source.type()) {
            case "conv2d" -> composites.convolution();
            case "xw_plus_b" -> composites.linear();
            case "squaredsubtract" -> composites.squaredDifference(composites.in(0), composites.in(1), null);
            case "mean_sqerr_loss" ->
                composites.squaredDifference(composites.in(0), composites.in(2), composites.in(1));
            case "sigm_cross_entropy_loss" -> composites.binaryCrossEntropyOfLogits();
            case "log_loss" -> composites.binaryCrossEntropy();
            default -> composites.parts.add(source);
        }
        return composites.parts;
    }

    private String in(int i) {
        return source.inputs().get(i);
    }

    /** Adds a part and returns its output's name. */
    private String part(String type, double[] scalars, String... inputs) {
        String output = source.output() + "#" + parts.size();
        parts.add(GraphOp.of(source.name(), type, List.of(inputs), output).withScalars(scalars));
        return output;
    }

    private String part(String type, String... inputs) {
        return part(type, new double[] {}, inputs);
    }

    /** Makes the last part compute the output. */
    private void finish() {
        GraphOp last = parts.remove(parts.size() - 1);
        parts.add(last.with(last.inputs(), source.output()));
    }

    private void convolution() {
        if (source.inputs().size() == 2) {
            parts.add(source);
            return;
        }
        String product = source.output() + "#0";
        parts.add(source.with(source.inputs().subList(0, 2), product));
        parts.add(new GraphOp(
                source.name(),
                "biasadd",
                List.of(product, in(2)),
                source.output(),
                new long[] {},
                new double[] {},
                new boolean[] {source.integers().length < 10 || source.integers()[9] == 0},
                new int[] {},
                false));
    }

    private void linear() {
        String product = part("matmul", in(0), in(1));
        part("add", product, in(2));
        finish();
    }

    private void squaredDifference(String left, String right, String weights) {
        part("square", part("subtract", left, right));
        weigh(weights);
    }

    /**
     * With logits z and targets y: log(1 + exp z) - z y, which is -y log p - (1 - y) log(1 - p) for p = sigmoid(z). Label
     * smoothing s makes targets (1 - s) y + s / 2.
     */
    private void binaryCrossEntropyOfLogits() {
        double smoothing = source.scalars().length > 0 ? source.scalars()[0] : 0;
        String targets = in(2);
        if (smoothing != 0) {
            String less = part("mul_scalar", new double[] {1 - smoothing}, targets);
            targets = part("add_scalar", new double[] {smoothing / 2}, less);
        }
        String normaliser = part("softplus", in(0));
        part("subtract", normaliser, part("multiply", in(0), targets));
        weigh(in(1));
    }

    /** With probabilities p and targets y: -y log(p + e) - (1 - y) log(1 - p + e). */
    private void binaryCrossEntropy() {
        double epsilon = source.scalars().length > 0 ? source.scalars()[0] : 0;
        String yes = part("log", part("add_scalar", new double[] {epsilon}, in(0)));
        String no = part("log", part("rsub_scalar", new double[] {1 + epsilon}, in(0)));
        String rest = part("rsub_scalar", new double[] {1}, in(2));
        part("neg", part("add", part("multiply", yes, in(2)), part("multiply", no, rest)));
        weigh(in(1));
    }

    /** Multiplies the last part by the loss op's weights, if they are not the constant 1; then ends. */
    private void weigh(String weights) {
        if (weights != null && source.integers().length > 0 && source.integers()[0] != 0) {
            throw Op.error(source, "found a reduction, expected none (one loss for each element)");
        }
        double[] constant = weights == null ? new double[] {1} : GraphReader.constant(model, weights);
        if (constant == null || constant.length != 1 || constant[0] != 1) {
            part("multiply", parts.get(parts.size() - 1).output(), weights);
        }
        finish();
    }
}
