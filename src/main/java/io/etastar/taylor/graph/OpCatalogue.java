package io.etastar.taylor.graph;

import io.etastar.UserError;
import io.etastar.graph.GraphOp;
import io.etastar.graph.Model;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The ops that the engine takes, by SameDiff's names: its own, and those that others provide. Immutable. */
public final class OpCatalogue {
    private final Class<?> list;
    private final Map<String, OpDefinition> own;
    private final Supplier<OpCatalogue> provided;

    private OpCatalogue(Class<?> list, Map<String, OpDefinition> own, Supplier<OpCatalogue> provided) {
        this.list = list;
        this.own = own;
        this.provided = provided;
    }

    /**
     * A catalogue of definitions alone.
     *
     * @param list the class that lists them, for messages
     * @throws IllegalArgumentException if two have one name
     */
    public static OpCatalogue of(Class<?> list, Collection<OpDefinition> definitions) {
        Map<String, OpDefinition> own = new LinkedHashMap<>();
        for (OpDefinition definition : definitions) {
            if (own.put(definition.name(), definition) != null) {
                throw new IllegalArgumentException("two definitions of op '" + definition.name() + "'");
            }
        }
        return new OpCatalogue(list, Collections.unmodifiableMap(own), null);
    }

    /**
     * This catalogue's own ops, and others.
     *
     * @param others asked for every op that is not among the own ones
     */
    public OpCatalogue orElse(Supplier<OpCatalogue> others) {
        return new OpCatalogue(list, own, others);
    }

    /** Names of the own ops. */
    public Set<String> names() {
        return own.keySet();
    }

    /** The own ops. */
    public Collection<OpDefinition> definitions() {
        return own.values();
    }

    /** The definition of an op, or null. */
    OpDefinition find(GraphOp source) {
        OpDefinition definition = own.get(source.type());
        return definition != null || provided == null
                ? definition
                : provided.get().find(source);
    }

    /** The ops that stand for {@code source} before any shape is known: itself as a rule. */
    List<GraphOp> split(GraphOp source) {
        OpDefinition definition = find(source);
        return definition == null || definition.split() == null
                ? List.of(source)
                : definition.split().apply(source);
    }

    /**
     * The parts of an op, the last of which computes its output; none if its rule takes it.
     *
     * @param serial a number that is different for every op of a program, for names
     * @param shapes of the inputs
     */
    List<GraphOp> decompose(Model model, GraphOp source, int serial, int[]... shapes) {
        OpDefinition definition = find(source);
        return definition == null || definition.decomposition() == null
                ? List.of()
                : definition.decomposition().parts(model, source, serial, shapes);
    }

    /**
     * The rule of an op.
     *
     * @throws UserError naming op and graph node if there is none
     */
    Rule rule(GraphOp source) {
        OpDefinition definition = find(source);
        if (definition == null || definition.rule() == null) {
            throw Op.error(
                    source, "no rule is registered for it in " + list.getName() + ", expected one of " + names());
        }
        return definition.rule().apply(source);
    }

    /** Whether an op is elementwise and never falls. */
    boolean isMonotone(GraphOp source) {
        OpDefinition definition = find(source);
        return definition != null && definition.monotone().test(source);
    }

    /** Whether an op's output counts as a constant. */
    boolean stopsGradient(GraphOp source) {
        OpDefinition definition = find(source);
        return definition != null && definition.stopsGradient();
    }

    /** Whether an op is a max pooling: each output is one of the inputs. */
    boolean picksMaxima(GraphOp source) {
        OpDefinition definition = find(source);
        return definition != null
                && definition.rule() != null
                && definition.rule().apply(source).picksMaxima();
    }
}
