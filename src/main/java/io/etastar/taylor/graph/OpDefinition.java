package io.etastar.taylor.graph;

import io.etastar.graph.GraphOp;
import io.etastar.graph.Model;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What the engine knows of the ops of one name: their rule, their decomposition into other ops, or both, if the rule takes only
 * some shapes or arguments; and what reorderings may assume of them.
 *
 * @param name SameDiff's name of the op
 * @param rule gives the rule for an op with its arguments; null if the op is always decomposed
 * @param decomposition null if the op is never decomposed
 * @param split gives the ops that stand for one before any shape is known; null if the op stands for itself
 * @param monotone tells of an op whether f never falls, elementwise: the largest of f(x) is f of the largest x
 * @param stopsGradient whether the output counts as a constant
 */
public record OpDefinition(
        String name,
        Function<GraphOp, Rule> rule,
        Decomposition decomposition,
        Function<GraphOp, List<GraphOp>> split,
        Predicate<GraphOp> monotone,
        boolean stopsGradient) {
    /** Ops that stand for one, the last of which computes its output. */
    @FunctionalInterface
    public interface Decomposition {
        /**
         * The parts of {@code source}; none if it is one of those that the rule takes.
         *
         * @param serial a number that is different for every op of a program, for names
         * @param shapes of the inputs
         */
        List<GraphOp> parts(Model model, GraphOp source, int serial, int[]... shapes);
    }

    /** Ops with a rule that depends on their arguments. */
    public static OpDefinition ofRule(String name, Function<GraphOp, Rule> rule) {
        return new OpDefinition(name, rule, null, null, op -> false, false);
    }

    /** Ops that are always written as others. */
    public static OpDefinition ofDecomposition(String name, Decomposition decomposition) {
        return new OpDefinition(name, null, decomposition, null, op -> false, false);
    }

    /** These ops, decomposed first if the decomposition has parts for them. */
    public OpDefinition decomposedBy(Decomposition parts) {
        return new OpDefinition(name, rule, parts, split, monotone, stopsGradient);
    }

    /** These ops, split before reorderings. */
    public OpDefinition splitBy(Function<GraphOp, List<GraphOp>> parts) {
        return new OpDefinition(name, rule, decomposition, parts, monotone, stopsGradient);
    }

    /** These ops, monotone under a condition on their arguments. */
    public OpDefinition monotoneIf(Predicate<GraphOp> condition) {
        return new OpDefinition(name, rule, decomposition, split, condition, stopsGradient);
    }

    /** These ops, with outputs that count as constants. */
    public OpDefinition stoppingGradient() {
        return new OpDefinition(name, rule, decomposition, split, monotone, true);
    }
}
