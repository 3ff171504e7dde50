package io.etastar.taylor;

import io.etastar.UserError;
import io.etastar.data.Permutation;
import io.etastar.graph.Model;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.ProgramGraph;

/**
 * The loss as a negative log-likelihood, and adjoints of a row's output for labels that are drawn from it: their second moment
 * over labels is the Hessian of the row's loss in the output.
 *
 * <pre>
 * CLASSES    cross-entropy of logits z: class y from p = softmax z, adjoint p - e_y
 * GAUSSIAN   c sum_j (z_j - y_j)^2: y_j from N(z_j, 1 / (2 c)), adjoint 2 c (z_j - y_j)
 * BERNOULLI  c sum_j (log(1 + exp z_j) - z_j y_j): y_j = 1 with p_j = sigmoid z_j, adjoint c^(1/2) (p_j - y_j)
 * </pre>
 *
 * <p>c is 1 / width for means over a row's elements and 1 for sums. The last loss is c times a negative log-likelihood, hence
 * the root.
 *
 * @param kind of distribution
 * @param node z: [N, width]
 * @param factor c
 */
record OutputFisher(Kind kind, Node node, double factor) {
    private static final long STREAM = 0x6B2D666163L;

    /** Distributions of labels. */
    enum Kind {
        CLASSES,
        GAUSSIAN,
        BERNOULLI
    }

    /**
     * Reads the loss off the graph.
     *
     * @throws UserError if it is none of these
     */
    static OutputFisher of(ProgramGraph graph) {
        Model model = graph.model();
        Op loss = behind(graph, graph.node(model.loss()));
        Node label = graph.node(model.label());
        if (loss != null && loss.rule().crossEntropyLogits(loss) != null && isClasses(loss, label)) {
            return new OutputFisher(Kind.CLASSES, loss.rule().crossEntropyLogits(loss), 1);
        }
        boolean mean = loss != null && "reduce_mean".equals(loss.source().type());
        if (mean || loss != null && "reduce_sum".equals(loss.source().type())) {
            double factor =
                    mean ? (double) loss.output().length() / loss.input(0).length() : 1;
            OutputFisher found = ofTerms(graph, behind(graph, loss.input(0)), label, factor);
            if (found != null) {
                return found;
            }
        }
        throw new UserError(
                UserError.Subject.setting("optimizer.kfac.fisher"),
                "sampled for loss '" + model.loss() + "'",
                "empirical where the loss is no cross-entropy of classes, squared error or cross-entropy"
                        + " of sigmoid outputs");
    }

    private static boolean isClasses(Op loss, Node label) {
        return loss.input(0) == label && loss.input(1).active;
    }

    private static OutputFisher ofTerms(ProgramGraph graph, Op terms, Node label, double factor) {
        if (terms != null && "square".equals(terms.source().type())) {
            Op difference = behind(graph, terms.input(0));
            if (difference != null && "subtract".equals(difference.source().type())) {
                Node z = other(difference, label);
                return z == null ? null : new OutputFisher(Kind.GAUSSIAN, z, factor);
            }
        }
        if (terms != null && "subtract".equals(terms.source().type())) {
            Op normaliser = behind(graph, terms.input(0));
            Op product = behind(graph, terms.input(1));
            boolean bernoulli = normaliser != null
                    && product != null
                    && "softplus".equals(normaliser.source().type())
                    && "multiply".equals(product.source().type())
                    && other(product, label) == normaliser.input(0);
            return bernoulli ? new OutputFisher(Kind.BERNOULLI, normaliser.input(0), factor) : null;
        }
        return null;
    }

    /** The op that computes a node. */
    private static Op behind(ProgramGraph graph, Node node) {
        return graph.ops().stream()
                .filter(op -> op.output() == node)
                .findFirst()
                .orElse(null);
    }

    /** The active operand beside the labels, of their shape; or null. */
    private static Node other(Op op, Node label) {
        Node z = op.input(0) == label ? op.input(1) : op.input(0);
        boolean beside = op.input(0) == label || op.input(1) == label;
        return beside && z.active && z.length() == label.length() ? z : null;
    }

    /**
     * Draws the adjoint of one row.
     *
     * @param z value of the node
     * @param adjoint of the node; the row is overwritten
     * @param at the row's place in the micro-batch
     * @param width elements of a row
     * @param seed of the pass and the shard
     * @param row the row's number in the shard
     * @param root factor on the adjoint
     */
    void draw(double[] z, double[] adjoint, int at, int width, long seed, int row, double root) {
        if (kind == Kind.CLASSES) {
            classes(z, adjoint, at * width, width, uniform(seed, row, 0), root);
            return;
        }
        for (int j = 0; j < width; j++) {
            int i = at * width + j;
            double value = kind == Kind.GAUSSIAN
                    ? Math.sqrt(2 * factor) * normal(seed, row, j)
                    : Math.sqrt(factor) * bernoulli(z[i], uniform(seed, row, j));
            adjoint[i] = root * value;
        }
    }

    private static double bernoulli(double z, double u) {
        double p = 1 / (1 + StrictMath.exp(-z));
        return p - (u < p ? 1 : 0);
    }

    private static void classes(double[] z, double[] adjoint, int from, int width, double u, double root) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < width; c++) {
            largest = Math.max(largest, z[from + c]);
        }
        double total = 0;
        for (int c = 0; c < width; c++) {
            total += StrictMath.exp(z[from + c] - largest);
        }
        double left = u * total;
        int drawn = -1;
        for (int c = 0; c < width; c++) {
            double p = StrictMath.exp(z[from + c] - largest);
            left -= p;
            if (drawn < 0 && (left < 0 || c == width - 1)) {
                drawn = c;
            }
            adjoint[from + c] = root * (p / total - (drawn == c ? 1 : 0));
        }
    }

    /** In [0, 1). */
    private static double uniform(long seed, int row, int draw) {
        return (Permutation.mix(seed, STREAM, row, draw) >>> 11) * 0x1p-53;
    }

    /** Box and Muller's. */
    private static double normal(long seed, int row, int element) {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform(seed, row, 2 * element)));
        return radius * StrictMath.cos(2 * Math.PI * uniform(seed, row, 2 * element + 1));
    }
}
