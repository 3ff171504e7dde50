package io.etastar.taylor.graph;

import io.etastar.UserError;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the network ends and its loss begins, which the Gauss-Newton matrix depends on: the last variable through which all ways from
 * parameters to the loss go and from which the model's output is computed, the output itself included.
 *
 * <p>That is the output where the loss reads it, and the logits where the output is their sigmoid or softmax and the loss reads them.
 */
final class NetworkOutput {
    private NetworkOutput() {}

    /**
     * Index of the op that computes the variable.
     *
     * @throws UserError if there is none, if it is the loss itself, or if the loss is linear in it
     */
    static int index(ProgramGraph graph) {
        int found = last(graph);
        UserError mistake = mistake(graph, found);
        if (mistake != null) {
            throw mistake;
        }
        return found;
    }

    /** Index of the op that computes the variable, or of the loss if that is the only one; -1 if there is none. */
    static int last(ProgramGraph graph) {
        List<Op> ops = graph.ops();
        Set<Node> before = ancestors(graph);
        Set<Node> open = new HashSet<>();
        int found = -1;
        for (Op op : ops) {
            open.addAll(List.of(op.inputs()));
        }
        open.removeIf(node -> !node.isParameter() || !node.active);
        for (int i = 0; i < ops.size(); i++) {
            Node output = ops.get(i).output();
            int index = i;
            open.removeIf(node -> graph.readers().last(node) <= index);
            if (output.active && open.isEmpty() && before.contains(output)) {
                found = i;
            }
            if (output.active) {
                open.add(output);
            }
        }
        return found;
    }

    /** The output and all that it is computed from. */
    private static Set<Node> ancestors(ProgramGraph graph) {
        Set<Node> ancestors = new HashSet<>();
        ancestors.add(graph.node(graph.model().output()));
        for (int i = graph.ops().size() - 1; i >= 0; i--) {
            Op op = graph.ops().get(i);
            if (ancestors.contains(op.output())) {
                ancestors.addAll(List.of(op.inputs()));
            }
        }
        return ancestors;
    }

    /** What is wrong with the loss behind the variable, or null. */
    static @Nullable UserError mistake(ProgramGraph graph, int found) {
        String output = "output '" + graph.model().output() + "'";
        if (found < 0) {
            return refused(graph, "depends on parameters by other ways than " + output, "a loss of the output alone");
        }
        List<Op> behind = graph.ops().subList(found + 1, graph.ops().size());
        if (behind.stream().noneMatch(op -> op.output().active && op.rule().isNonlinear())) {
            return refused(
                    graph,
                    "is linear in " + output + ", so that its Gauss-Newton matrix is 0",
                    "an output that the loss is curved in, such as logits,");
        }
        return null;
    }

    private static UserError refused(ProgramGraph graph, String found, String expected) {
        return new UserError(
                UserError.Subject.of("model"),
                "loss '" + graph.model().loss() + "' that " + found,
                expected + " for curvature ggn");
    }
}
