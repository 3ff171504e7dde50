package io.etastar.taylor.graph;

import io.etastar.UserError;
import io.etastar.graph.GraphConstants;
import io.etastar.graph.GraphOp;
import io.etastar.graph.GraphReader;
import io.etastar.graph.Model;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Shapes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Nodes and ops of a model for one size of micro-batch, before any buffer is allocated: shapes, what depends on parameters,
 * which subsets are live where.
 */
public final class ProgramGraph {
    private final Model model;
    private final int batch;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final List<Op> ops = new ArrayList<>();
    private final Map<Node, Constant> constants = new LinkedHashMap<>();

    private final Readers readers = new Readers();
    private final Directions directions;

    private final OpCatalogue catalogue;
    private final Set<String> towardsLoss = new HashSet<>();

    /**
     * Reads a model's graph.
     *
     * @param batch rows of a micro-batch
     * @param partition subsets of the directions; null for a program without
     * @param catalogue the ops that it may have
     * @throws UserError if an op has no rule, shapes do not fit, or the graph lacks a variable that the model names
     */
    public ProgramGraph(Model model, int batch, Partition partition, OpCatalogue catalogue) {
        this.catalogue = catalogue;
        this.model = model;
        this.batch = batch;
        List<GraphOp> sources = new ArrayList<>();
        for (GraphOp source : GraphReader.operations(model)) {
            sources.addAll(catalogue.split(source));
        }
        Reorderings.poolFirst(model, sources, catalogue);
        markTowardsLoss(sources);
        leaves();
        sources.forEach(this::add);
        readers.addLoss(node(model.loss()));
        directions = new Directions(subsets(partition), ops);
    }

    public Model model() {
        return model;
    }

    /** Rows of a micro-batch. */
    public int batch() {
        return batch;
    }

    /** All nodes by name. */
    public Map<String, Node> nodes() {
        return Collections.unmodifiableMap(nodes);
    }

    /** All ops, in the order of computation. */
    public List<Op> ops() {
        return Collections.unmodifiableList(ops);
    }

    /**
     * Where the values of a constant are.
     *
     * @param array shared
     * @param offset of its first element there
     */
    public record Constant(RawArray array, int offset) {}

    /** Values of constants, by node. */
    public Map<Node, Constant> constants() {
        return Collections.unmodifiableMap(constants);
    }

    public Readers readers() {
        return readers;
    }

    public Directions directions() {
        return directions;
    }

    /** The graph of the same model for another size of micro-batch, without directions. */
    ProgramGraph withBatch(int rows) {
        return new ProgramGraph(model, rows, null, catalogue);
    }

    /** The node of a variable. */
    public Node node(String name) {
        Node node = nodes.get(name);
        if (node == null) {
            throw new UserError(
                    UserError.Subject.of("model"),
                    "'" + name + "'",
                    "a variable that is computed, a parameter or a placeholder");
        }
        return node;
    }

    /**
     * Number of the first ops that make up the network, in front of its loss, as the Gauss-Newton matrix splits a model.
     *
     * @throws UserError if all ways from parameters to the loss share no variable from which the output is computed, or if the loss is
     *     linear in it
     */
    public int networkOps() {
        return NetworkOutput.index(this) + 1;
    }

    /** Whether {@link #networkOps} are told apart from a loss. */
    public boolean hasNetwork() {
        return NetworkOutput.mistake(this, NetworkOutput.last(this)) == null;
    }

    /** An emitter for the ops. */
    public Emitter emitter(Kernels kernels, Accumulator sums) {
        return new Emitter(kernels, sums, ops, readers, directions);
    }

    private void markTowardsLoss(List<GraphOp> sources) {
        towardsLoss.add(model.loss());
        for (int i = sources.size() - 1; i >= 0; i--) {
            if (towardsLoss.contains(sources.get(i).output()) && !catalogue.stopsGradient(sources.get(i))) {
                towardsLoss.addAll(sources.get(i).inputs());
            }
        }
    }

    private void leaves() {
        ParameterLayout layout = model.layout();
        for (int i = 0; i < layout.count(); i++) {
            requireParameter(layout.name(i), layout.shape(i));
            node(layout.name(i), Node.Kind.PARAMETER, layout.shape(i), towardsLoss.contains(layout.name(i)));
        }
        node(model.input(), Node.Kind.DATA, placeholder(model.input()), false);
        node(model.label(), Node.Kind.DATA, placeholder(model.label()), false);
    }

    private void requireParameter(String name, int... shape) {
        if (!GraphReader.has(model, name)) {
            throw new UserError("model: the graph has no parameter '" + name + "'");
        }
        long[] declared = GraphReader.declaredShape(model, name);
        long[] expected = Arrays.stream(shape).asLongStream().toArray();
        if (declared != null && !Arrays.equals(declared, expected)) {
            throw new UserError(
                    UserError.Subject.of("model"),
                    "shape " + Arrays.toString(shape) + " of parameter '" + name + "'",
                    Arrays.toString(declared) + " as in the graph");
        }
    }

    private Node node(String name, Node.Kind kind, int[] shape, boolean active) {
        Node node = new Node(name, kind, shape, active);
        nodes.put(name, node);
        return node;
    }

    /** A placeholder's shape with the micro-batch for its first axis. */
    private int[] placeholder(String name) {
        long[] declared = GraphReader.placeholderShape(model, name);
        if (declared == null) {
            throw new UserError("model: the graph has no placeholder '" + name + "' with a shape");
        }
        int[] shape = new int[declared.length];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = i == 0 ? batch : Math.toIntExact(declared[i]);
            if (shape[i] < 1) {
                throw new UserError("model: placeholder '" + name + "' has an open axis " + i
                        + ", expected only the first axis to be open");
            }
        }
        return shape;
    }

    private void add(GraphOp source) {
        int[][] known =
                source.inputs().stream().map(name -> input(source, name).shape).toArray(int[][]::new);
        List<GraphOp> parts = catalogue.decompose(model, source, ops.size(), known);
        if (parts.isEmpty()) {
            addOp(source);
            return;
        }
        if (towardsLoss.contains(source.output())) {
            parts.forEach(part -> towardsLoss.add(part.output()));
        }
        parts.forEach(this::add);
    }

    private void addOp(GraphOp source) {
        Rule rule = catalogue.rule(source);
        Node[] inputs = new Node[source.inputs().size()];
        int[][] shapes = new int[inputs.length][];
        boolean active = false;
        boolean used = towardsLoss.contains(source.output());
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = input(source, source.inputs().get(i));
            shapes[i] = inputs[i].shape;
            active |= inputs[i].active;
        }
        boolean passes = active && used && !catalogue.stopsGradient(source);
        Node.Kind kind = rule.views() ? Node.Kind.VIEW : Node.Kind.COMPUTED;
        Node output = node(source.output(), kind, rule.outputShape(source, batch, shapes), passes);
        Op op = new Op(source, rule, inputs, output);
        readers.add(ops.size(), used, op);
        ops.add(op);
    }

    private Node input(GraphOp source, String name) {
        Node node = nodes.get(name);
        if (node != null) {
            return node;
        }
        Constant constant = constant(name);
        if (constant == null) {
            throw Op.error(source, "input '" + name + "' is neither computed, nor a parameter, nor a constant");
        }
        Node leaf = node(name, Node.Kind.DATA, GraphReader.constantShape(model, name), false);
        constants.put(leaf, constant);
        return leaf;
    }

    /** Null if it is none. */
    private Constant constant(String name) {
        GraphConstants beside = model.constants();
        int i = beside.layout().indexOf(name);
        if (i >= 0) {
            return new Constant(beside.values(), beside.layout().offset(i));
        }
        double[] values = GraphReader.constant(model, name);
        return values == null ? null : new Constant(RawArray.of(values), 0);
    }

    /** The subsets of the active parameters; none without a partition. */
    private Map<Node, Integer> subsets(Partition partition) {
        ParameterLayout layout = model.layout();
        Map<Node, Integer> subsets = new LinkedHashMap<>();
        for (int i = 0; partition != null && i < layout.count(); i++) {
            Node parameter = node(layout.name(i));
            if (parameter.active) {
                subsets.put(parameter, partition.subsetOf(i));
            }
        }
        return subsets;
    }

    /**
     * Elements of a run's working set: values and adjoints of all nodes, and the largest stacks of first and second tangents,
     * of an op's input and of its output.
     */
    public long elements() {
        long kept = 0;
        long stack = 0;
        for (Op op : ops) {
            long length = Shapes.length(op.output().shape);
            kept += 2 * length;
            stack = Math.max(stack, length * directions.count(op.output()));
        }
        return kept + 4 * stack;
    }

    /** Elements of the buffers that every program has: leaves, values, and the largest stack of tangents; adjoints may be shared. */
    public long elementsHeld() {
        long held = 0;
        long stack = 0;
        for (Node node : nodes.values()) {
            held += node.isView() ? 0 : node.length();
            held += node.isParameter() && node.active ? node.length() : 0;
            held += node.isParameter() && directions.count(node) > 0 ? node.length() : 0;
            stack = node.isParameter() ? stack : Math.max(stack, (long) node.length() * directions.count(node));
        }
        return held + stack;
    }

    /** Multiply-adds of one value. */
    public double multiplyAdds() {
        double sum = 0;
        for (Op op : ops) {
            sum += op.rule().multiplyAdds(op);
        }
        return sum;
    }

    /** Directions stacked in the left operand of an op, at least 1, as a mean over multiply-adds. */
    public double meanDirections() {
        double sum = 0;
        for (Op op : ops) {
            double own = op.rule().multiplyAdds(op);
            sum += own == 0 ? 0 : own * Math.max(1, directions.count(op.input(0)));
        }
        return Math.max(1, sum / Math.max(1, multiplyAdds()));
    }
}
