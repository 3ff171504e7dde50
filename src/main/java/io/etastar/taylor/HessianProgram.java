package io.etastar.taylor;

import io.etastar.UserError;
import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.summary.HessianVectorSum;
import io.etastar.summary.LossSum;
import io.etastar.tensor.DType;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.Nd4jKernels;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A model compiled for exact products of its full Hessian [P, P] with vectors: a forward and a reverse sweep as for a
 * gradient, and the tangents of both along the vector. One thread at a time; two to three gradients' time.
 */
public final class HessianProgram implements AutoCloseable {
    private final ParameterLayout layout;
    private final Kernels kernels;
    private final int batch;
    private final SampleBuffers samples;
    private final Node[] parameters;
    private final List<Kernel> run;

    private HessianProgram(Model model, Kernels kernels, int batch) {
        this.layout = model.layout();
        this.kernels = kernels;
        this.batch = batch;
        ProgramGraph graph = new ProgramGraph(model, batch, all(model));
        BatchAxes.mark(graph, model);
        samples = new SampleBuffers(model, graph, kernels);
        parameters = new Node[layout.count()];
        bindLeaves(graph);
        Tape tape = new Tape(kernels, new Accumulator(0));
        tape.rows(samples.present(), samples.dropout());
        graph.ops.forEach(op -> op.rule().forward(op, tape));
        run = new ArrayList<>(tape.take());
        List<Op> active = graph.ops.stream().filter(op -> op.output().active).toList();
        for (int i = active.size() - 1; i >= 0; i--) {
            active.get(i).rule().reverse(active.get(i), tape);
        }
        run.addAll(tape.withoutParameters());
        tape.take();
        firstTangents(graph, active, tape);
        for (Node node : graph.nodes.values()) {
            node.lossAdjoint = node.adjoint;
            node.adjoint = null;
        }
        for (int i = active.size() - 1; i >= 0; i--) {
            active.get(i).rule().adjointTangents(active.get(i), tape);
        }
        run.addAll(tape.take());
    }

    /** One direction for all parameters. */
    private static Partition all(Model model) {
        return Partitions.parse("trivial", model.layout());
    }

    /** Only where an op that bends reads them, which is where second tangents would be read in a summary. */
    private static void firstTangents(ProgramGraph graph, List<Op> active, Tape tape) {
        List<Op> needed = active.stream().filter(op -> op.output().secondNeeded).toList();
        graph.nodes.values().forEach(node -> node.secondNeeded = false);
        needed.forEach(op -> op.rule().firstTangents(op, tape));
    }

    /**
     * Compiles {@code model}.
     *
     * @param type precision of all arithmetic
     * @param microBatch rows processed at once; 0 picks one from the working set
     * @param rows most rows of one call, for {@code microBatch} 0
     * @return a program that the caller closes
     * @throws UserError where an op has no rule, shapes do not fit, or the graph lacks a variable that the model names
     */
    public static HessianProgram compile(Model model, DType type, int microBatch, int rows) {
        int batch = microBatch > 0 ? microBatch : Program.automaticBatch(model, type, all(model), rows);
        Kernels kernels = new Nd4jKernels(type);
        try {
            return new HessianProgram(model, kernels, Program.isScalarLoss(model) ? 1 : batch);
        } catch (RuntimeException e) {
            kernels.close();
            throw e;
        }
    }

    private void bindLeaves(ProgramGraph graph) {
        for (Map.Entry<Node, double[]> constant : graph.constants.entrySet()) {
            Node node = constant.getKey();
            node.value = kernels.allocate(node.shape);
            node.value.write(RawArray.of(constant.getValue()));
        }
        for (int i = 0; i < parameters.length; i++) {
            Node parameter = graph.node(layout.name(i));
            parameter.value = kernels.allocate(parameter.shape);
            parameter.first = parameter.active ? kernels.allocate(Shapes.stacked(1, parameter.shape)) : null;
            parameters[i] = parameter;
        }
    }

    /** Bytes of native memory held. */
    public long bytes() {
        return kernels.bytes();
    }

    /**
     * Copies theta [P], flat in layout order, in; zero before the first call.
     *
     * @throws IllegalArgumentException where the length is not P
     */
    public void setParameters(RawArray theta) {
        requireLength(theta);
        for (int i = 0; i < parameters.length; i++) {
            parameters[i].value.write(theta, layout.offset(i), 0, layout.length(i));
        }
    }

    /**
     * Copies the vector v [P] in; zero before the first call.
     *
     * @throws IllegalArgumentException where the length is not P
     */
    public void setDirection(RawArray direction) {
        requireLength(direction);
        for (int i = 0; i < parameters.length; i++) {
            if (parameters[i].first != null) {
                parameters[i].first.write(direction, layout.offset(i), 0, layout.length(i));
            }
        }
    }

    private void requireLength(RawArray array) {
        if (array.length() != layout.size()) {
            throw new IllegalArgumentException(array.length() + " numbers for " + layout.size() + " parameters");
        }
    }

    /**
     * Loss and H v [P] summed over {@code rows}, each of weight 1, at the parameters and vector last set; a new array in
     * the program's precision.
     *
     * @throws IllegalArgumentException where rows have another length than the model reads, or a class index is out of
     *     range
     */
    public HessianVectorSum hessianVector(Shard shard, int[] rows) {
        RawArray product = RawArray.zeros(kernels.type(), layout.size());
        LossSum sum = LossSum.ZERO;
        for (int from = 0; from < rows.length; from += batch) {
            int count = samples.load(shard, rows, from);
            run.forEach(Kernel::run);
            sum = sum.plus(samples.losses(count));
            for (int i = 0; i < parameters.length; i++) {
                Tensor part = parameters[i].adjoint;
                if (part != null) {
                    part.addTo(product, 0, layout.offset(i), layout.length(i));
                }
            }
        }
        return new HessianVectorSum(sum, product);
    }

    /** Frees the native buffers. */
    @Override
    public void close() {
        kernels.close();
    }
}
