package io.etastar.taylor;

import io.etastar.UserError;
import io.etastar.graph.Model;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.ProgramGraph;
import io.etastar.tensor.Doubles;
import io.etastar.tensor.Indices;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.LabelDraw;
import io.etastar.tensor.Tensor;
import java.util.function.LongSupplier;

/**
 * The loss as a negative log-likelihood, whose labels can be drawn from a row's output: the adjoint's second moment over labels is the
 * Hessian of the row's loss in the output. {@link LabelDraw} has the adjoints.
 *
 * <pre>
 * CLASSES    cross-entropy of logits z
 * GAUSSIAN   c sum_j (z_j - y_j)^2
 * BERNOULLI  c sum_j (log(1 + exp z_j) - z_j y_j)
 * </pre>
 *
 * <p>c is 1 / width for means over a row's elements and 1 for sums. The last loss is c times a negative log-likelihood, hence
 * the root in its adjoint.
 *
 * @param kind of distribution
 * @param node z: [N, width]
 * @param factor c
 */
record OutputFisher(LabelDraw.Kind kind, Node node, double factor) {
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
            return new OutputFisher(LabelDraw.Kind.CLASSES, loss.rule().crossEntropyLogits(loss), 1);
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
                return z == null ? null : new OutputFisher(LabelDraw.Kind.GAUSSIAN, z, factor);
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
            return bernoulli ? new OutputFisher(LabelDraw.Kind.BERNOULLI, normaliser.input(0), factor) : null;
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
     * What draws labels and overwrites the adjoint of the node.
     *
     * @param seed of the pass and the shard
     * @param rows the rows' numbers in the shard
     * @param factors on the adjoints of the rows
     */
    Kernel draw(Kernels kernels, LongSupplier seed, Indices rows, Doubles factors, Tensor value, Tensor adjoint) {
        return kernels.labelDraw(new LabelDraw(kind, factor, seed, rows, factors, value, adjoint));
    }
}
