package io.etastar.taylor;

import io.etastar.UserError;
import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.quantity.KroneckerFactors;
import io.etastar.taylor.graph.Accumulator;
import io.etastar.taylor.graph.Buffers;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.ProgramGraph;
import io.etastar.taylor.graph.RowAxes;
import io.etastar.tensor.Backend;
import io.etastar.tensor.Closing;
import io.etastar.tensor.DType;
import io.etastar.tensor.Indices;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A model compiled for the Kronecker factors of its layers' Fisher matrices: a forward and a reverse sweep as for a gradient,
 * and the products of inputs and of adjoints. One thread at a time.
 *
 * <p>Sampled, the Fisher matrix proper: labels are drawn from the model's own distribution ({@link OutputFisher}), one for each
 * row, from the seed and the row's number in the shard alone. Empirical: the data's labels, for any loss.
 *
 * <p>Micro-batches, rows' weights and dropout are those of {@link Program#gradient}.
 */
public final class FactorProgram implements PointProgram {
    private final Kernels kernels;
    private final int batch;
    private final ForwardPass pass;
    /** Adjoint of the loss that the reverse sweep begins with; null if labels are drawn, whose kernel overwrites that of the output. */
    private final Tensor begin;

    private final RowRoots roots;
    /** Numbers of the rows in the shard. */
    private final Indices numbers;

    private final List<LayerFactors> layers;
    private final List<Kernel> run;
    private long seed;
    /** Roots of the weights of the micro-batch that ran last. */
    private double[] written = {};

    private FactorProgram(Model model, Kernels kernels, int batch, boolean sampled) {
        this.kernels = kernels;
        this.batch = batch;
        ProgramGraph graph = Program.graph(model, batch, null);
        Emitter emitter = graph.emitter(kernels, new Accumulator(kernels, 0));
        pass = new ForwardPass(graph, emitter);
        List<FactorLayer> found = layers(graph, pass.axes);
        Buffers buffers = emitter.buffers();
        roots = RowRoots.of(kernels, batch);
        Node loss = graph.node(model.loss());
        buffers.setAdjoint(loss, null);
        numbers = kernels.allocateIndices(batch);
        OutputFisher fisher = sampled ? OutputFisher.of(graph) : null;
        Node start = fisher == null ? loss : fisher.node();
        Tensor adjoint = kernels.allocate(start.shape);
        begin = fisher == null ? adjoint : null;
        buffers.setAdjoint(start, adjoint);
        for (int i = graph.ops().size() - 1; i >= 0; i--) {
            Op op = graph.ops().get(i);
            if (op.output().active && buffers.adjoint(op.output()) != null) {
                op.rule().reverse(op, emitter);
            }
        }
        run = new ArrayList<>();
        if (fisher != null) {
            run.add(fisher.draw(kernels, () -> seed, numbers, roots.roots(), buffers.value(start), adjoint));
        }
        run.addAll(emitter.withoutParameters());
        layers = found.stream()
                .map(layer -> new LayerFactors(layer, buffers, kernels, roots, run))
                .toList();
    }

    private static List<FactorLayer> layers(ProgramGraph graph, RowAxes axes) {
        List<FactorLayer> found = FactorLayer.find(graph, axes);
        if (found.isEmpty()) {
            throw new UserError(
                    UserError.Subject.setting("optimizer.name"),
                    "k-fac for a model without a dense or convolutional layer that has its" + " weight to itself",
                    "another optimizer");
        }
        return found;
    }

    /**
     * Compiles {@code model}.
     *
     * @param type precision of all arithmetic
     * @param microBatch rows processed at once; 0 picks one from the working set
     * @param rows most rows of one call, for {@code microBatch} 0
     * @param sampled whether labels are drawn, else those of the data are taken
     * @return a program that the caller closes
     * @throws UserError if {@link #check} throws it
     */
    public static FactorProgram compile(Model model, DType type, int microBatch, int rows, boolean sampled) {
        check(model, sampled);
        int batch = microBatch > 0 ? microBatch : Program.automaticBatch(model, type, null, rows);
        Kernels kernels = Backend.installed().kernels(type);
        try {
            return new FactorProgram(model, kernels, Program.isScalarLoss(model) ? 1 : batch, sampled);
        } catch (RuntimeException e) {
            throw Closing.after(e, kernels::close);
        }
    }

    /**
     * Checks that a model has factors.
     *
     * @throws UserError if no layer has, or labels are to be drawn and the loss is no likelihood that is known
     */
    public static void check(Model model, boolean sampled) {
        ProgramGraph graph = Program.graph(model, 2, null);
        layers(graph, RowAxes.of(graph));
        if (sampled) {
            OutputFisher.of(graph);
        }
    }

    /** Bytes of native memory held. */
    public long bytes() {
        return kernels.bytes();
    }

    /**
     * Copies theta [P], flat in layout order, in; zero before the first call.
     *
     * @throws IllegalArgumentException if the length is not P
     */
    @Override
    public void setParameters(RawArray theta) {
        pass.setParameters(theta);
    }

    /** The seed of labels that are drawn, 0 before the first call; it switches dropout on as {@link Program#setSeed} does. */
    @Override
    public void setSeed(long value) {
        seed = value;
        pass.samples.dropout().seed(value);
    }

    /** Makes dropout the identity again and the seed 0. */
    @Override
    public void clearSeed() {
        seed = 0;
        pass.samples.dropout().unseed();
    }

    /**
     * The factors summed over {@code rows}, each times its weight, at the parameters last set; new arrays in the program's
     * precision.
     *
     * @throws IllegalArgumentException if rows have another length than the model reads, or a class index is out of
     *     range
     */
    public KroneckerFactors factors(Shard shard, int[] rows) {
        layers.forEach(LayerFactors::reset);
        double samples = 0;
        for (int from = 0; from < rows.length; from += batch) {
            int count = pass.run(shard, rows, from, true);
            double[] root = new double[batch];
            for (int i = 0; i < count; i++) {
                double weight = shard.weight(rows[from + i]);
                samples += weight;
                root[i] = Math.sqrt(weight);
            }
            begin(rows, from, count, root);
            run.forEach(Kernel::run);
        }
        kernels.synchronise();
        return new KroneckerFactors(
                samples,
                layers.stream().map(LayerFactors::layer).toList(),
                layers.stream().map(LayerFactors::a).toArray(RawArray[]::new),
                layers.stream().map(LayerFactors::s).toArray(RawArray[]::new));
    }

    /** Writes what the reverse sweep begins with. */
    private void begin(int[] rows, int from, int count, double[] root) {
        if (!Arrays.equals(root, written)) {
            written = root;
            roots.roots().write(root);
            if (begin != null) {
                begin.write(RawArray.of(root));
            }
        }
        if (begin != null) {
            return;
        }
        int[] number = new int[batch];
        for (int i = 0; i < batch; i++) {
            number[i] = rows[from + Math.min(i, count - 1)];
        }
        numbers.write(number);
    }

    /** Frees the native buffers. */
    @Override
    public void close() {
        kernels.close();
    }
}
