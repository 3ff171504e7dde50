package io.etastar.taylor;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.OpCatalogue;
import io.etastar.taylor.graph.OpDefinition;
import io.etastar.taylor.graph.Rule;
import io.etastar.taylor.rule.LinearRule;
import io.etastar.taylor.rule.ScalarRule;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Function;

/**
 * Rules that others bring, by SameDiff's name of the op; see {@link RuleProvider}. They run as loops in double precision on one
 * thread, whatever the program's own.
 */
public final class Rules {
    private final Map<String, OpDefinition> added = new LinkedHashMap<>();

    Rules() {}

    /** What the providers bring that this thread's class loader sees. */
    static OpCatalogue provided() {
        Rules rules = new Rules();
        for (RuleProvider provider : ServiceLoader.load(RuleProvider.class)) {
            provider.addTo(rules);
        }
        return OpCatalogue.of(Rules.class, rules.added.values());
    }

    /**
     * An op that takes each number by itself.
     *
     * @param op SameDiff's name
     * @param f the function and its derivatives
     * @return this
     * @throws IllegalArgumentException if there is a rule for that op
     */
    public Rules elementwise(String op, ElementwiseFunction f) {
        return elementwise(op, source -> f);
    }

    /**
     * An op that takes each number by itself, with arguments of its own.
     *
     * @param op SameDiff's name
     * @param f gives the function for an op with its arguments
     * @return this
     * @throws IllegalArgumentException if there is a rule for that op
     */
    public Rules elementwise(String op, Function<GraphOp, ElementwiseFunction> f) {
        return add(op, source -> {
            ElementwiseFunction function = f.apply(source);
            return new ScalarRule(function, function);
        });
    }

    /**
     * An op that is linear in its one input.
     *
     * @param op SameDiff's name
     * @param map the map and its transpose
     * @return this
     * @throws IllegalArgumentException if there is a rule for that op
     */
    public Rules linear(String op, LinearFunction map) {
        return add(op, source -> new Linear(map));
    }

    private Rules add(String op, Function<GraphOp, Rule> rule) {
        OpDefinition definition = OpDefinition.ofRule(op, rule);
        if (BuiltInOps.own().names().contains(op) || added.putIfAbsent(op, definition) != null) {
            throw new IllegalArgumentException("op '" + op + "' has a rule already");
        }
        return this;
    }

    /** A user's linear map, slot by slot. */
    private static final class Linear extends LinearRule {
        private final LinearFunction map;

        Linear(LinearFunction map) {
            this.map = map;
        }

        @Override
        public int[] outputShape(GraphOp source, int batch, int[]... inputs) {
            return map.outputShape(source, inputs[0].clone());
        }

        @Override
        protected Kernel apply(Op op, Emitter emitter, int count, Tensor in, Tensor out) {
            return emitter.kernels()
                    .onHost(
                            count,
                            in,
                            out,
                            (x, y) -> map.apply(op.source(), op.shape(0).clone(), x, y));
        }

        @Override
        protected Kernel transpose(Op op, Emitter emitter, Tensor in, Tensor out) {
            return emitter.kernels()
                    .onHost(
                            1,
                            in,
                            out,
                            (x, y) -> map.transpose(op.source(), op.shape(0).clone(), x, y));
        }
    }
}
