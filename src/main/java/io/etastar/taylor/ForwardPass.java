package io.etastar.taylor;

import io.etastar.data.Shard;
import io.etastar.partition.ParameterLayout;
import io.etastar.quantity.LossSum;
import io.etastar.taylor.graph.Buffers;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.ProgramGraph;
import io.etastar.taylor.graph.RowAxes;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Total;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What all programs begin with: parameters and rows in, the values of all variables out. */
final class ForwardPass {
    /** In layout order. */
    final Node[] parameters;

    final SampleBuffers samples;
    final RowAxes axes;
    private final ProgramGraph graph;
    private final Buffers buffers;
    private final ParameterLayout layout;
    private final Kernels kernels;
    private final List<Kernel> forward;
    private final Kernel addLosses;

    /** Allocates the leaves, with directions if the graph has a partition, and takes the kernels of all values from the emitter. */
    ForwardPass(ProgramGraph graph, Emitter emitter) {
        this.graph = graph;
        layout = graph.model().layout();
        axes = RowAxes.of(graph);
        buffers = emitter.buffers();
        kernels = emitter.kernels();
        samples = new SampleBuffers(graph, emitter.kernels(), buffers);
        parameters = new Node[layout.count()];
        bindLeaves(graph);
        emitter.rows(axes, samples.present(), samples.dropout());
        graph.ops().forEach(op -> op.rule().forward(op, emitter));
        forward = emitter.take();
        addLosses = samples.addLosses();
    }

    private void bindLeaves(ProgramGraph graph) {
        for (Map.Entry<Node, ProgramGraph.Constant> constant : graph.constants().entrySet()) {
            Node node = constant.getKey();
            Tensor value = kernels.allocate(node.shape);
            ProgramGraph.Constant from = constant.getValue();
            value.write(from.array(), from.offset(), 0, node.length());
            buffers.setValue(node, value);
        }
        for (int i = 0; i < parameters.length; i++) {
            Node parameter = graph.node(layout.name(i));
            buffers.setValue(parameter, kernels.allocateLeaf(parameter.shape));
            if (graph.directions().count(parameter) > 0) {
                buffers.setFirst(parameter, kernels.allocateLeaf(Shapes.stacked(1, parameter.shape)));
            }
            parameters[i] = parameter;
        }
    }

    /**
     * Copies theta [P] in.
     *
     * @throws IllegalArgumentException here and below if the length is not P
     */
    void setParameters(RawArray theta) {
        requireLength(theta);
        for (int i = 0; i < parameters.length; i++) {
            buffers.value(parameters[i]).write(theta, layout.offset(i), 0, layout.length(i));
        }
    }

    /** Copies the direction [P] in. */
    void setDirection(RawArray direction) {
        requireLength(direction);
        for (int i = 0; i < parameters.length; i++) {
            Tensor first = buffers.first(parameters[i]);
            if (first != null) {
                first.write(direction, layout.offset(i), 0, layout.length(i));
            }
        }
    }

    void requireLength(RawArray array) {
        if (array.length() != layout.size()) {
            throw new IllegalArgumentException(array.length() + " numbers for " + layout.size() + " parameters");
        }
    }

    /** The sum [P] of the parameters' adjoints, in layout order, once the reverse sweep has emitted them. */
    Total adjoints() {
        List<Tensor> parts = new ArrayList<>();
        List<Integer> at = new ArrayList<>();
        for (int i = 0; i < parameters.length; i++) {
            Tensor adjoint = buffers.adjoint(parameters[i]);
            if (adjoint != null) {
                parts.add(adjoint);
                at.add(layout.offset(i));
            }
        }
        return kernels.total(
                layout.size(),
                parts.toArray(Tensor[]::new),
                at.stream().mapToInt(Integer::intValue).toArray());
    }

    /** Elements of some variables. */
    int length(List<String> names) {
        return names.stream().mapToInt(name -> graph.node(name).length()).sum();
    }

    /** What the last run computed for some variables, one behind another, once all kernels have run; a new array. */
    double[] values(List<String> names) {
        double[] values = new double[length(names)];
        int at = 0;
        for (String name : names) {
            double[] value = buffers.value(graph.node(name)).toDoubles();
            System.arraycopy(value, 0, values, at, value.length);
            at += value.length;
        }
        return values;
    }

    /** Begins new sums of losses. */
    void begin() {
        samples.clear();
    }

    /**
     * Computes all values for the rows from {@code from} on.
     *
     * @param drops whether dropout drops elements, given a seed
     * @return how many rows there are
     */
    int run(Shard shard, int[] rows, int from, boolean drops) {
        samples.dropout().switchOn(drops);
        int count = samples.load(shard, rows, from);
        forward.forEach(Kernel::run);
        return count;
    }

    /** Adds the losses of the micro-batch that ran last. */
    void addLosses() {
        addLosses.run();
    }

    /** Waits for all kernels; the sums of losses since {@link #begin}. */
    LossSum end() {
        kernels.synchronise();
        return samples.losses();
    }
}
