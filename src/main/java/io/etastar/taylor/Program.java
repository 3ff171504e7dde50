package io.etastar.taylor;

import io.etastar.UserError;
import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.quantity.Curvature;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.MeanSums;
import io.etastar.taylor.graph.Accumulator;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.ProgramGraph;
import io.etastar.taylor.graph.RowAxes;
import io.etastar.tensor.Backend;
import io.etastar.tensor.Closing;
import io.etastar.tensor.DType;
import io.etastar.tensor.Doubles;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Total;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model compiled for a fixed micro-batch: preallocated buffers and lists of bound kernels. One thread at a time.
 *
 * <p>All results are sums over the rows asked for, each times its weight (1 if the shard has none); so is the number of
 * samples. Any number of rows works, none included: the last micro-batch is filled up with rows of weight 0.
 *
 * <p>If a graph takes sums or means over the rows (batch normalisation by training statistics), these are over the rows of a
 * micro-batch, those that only fill it up left out (but not those that a shard gives weight 0): results then depend on the
 * micro-batch, and {@link #automaticBatch} takes all rows at once. Everywhere else its size matters only for rounding.
 *
 * <p>Dropout is the identity until {@link #setSeed}, and always in {@link #loss} and {@link #outputs}.
 */
public final class Program implements PointProgram {
    static final int LARGEST_BATCH = 512;

    /** Every micro-batch goes through all weights once more: the more there are, the more rows must share that. */
    private static final int WEIGHTS_PER_ROW = 150_000;

    private final ParameterLayout layout;
    private final Partition partition;
    private final DType type;
    private final int batch;
    private final Kernels kernels;
    private final Accumulator sums;
    private final ForwardPass pass;
    private final SampleBuffers samples;
    private final List<Kernel> reverse;
    /** The reverse sweep without the parameters' own adjoints. */
    private final List<Kernel> adjoints;

    private final List<Kernel> tangents;
    private final Doubles g;
    private final Total gradient;

    /** @param kernels closed with the program */
    Program(Model model, Kernels kernels, int batch, Partition partition, Curvature curvature) {
        this.type = kernels.type();
        this.batch = batch;
        this.partition = partition;
        this.kernels = kernels;
        layout = model.layout();
        int subsets = partition == null ? 0 : partition.size();
        sums = new Accumulator(kernels, subsets);
        g = kernels.allocateDoubles(subsets);
        ProgramGraph graph = graph(model, batch, partition);
        Emitter emitter = graph.emitter(kernels, sums);
        pass = new ForwardPass(graph, emitter);
        samples = pass.samples;
        int network = partition != null && curvature == Curvature.GGN ? graph.networkOps() : 0;
        reverse(graph, emitter, network, graph.ops().size());
        adjoints = emitter.withoutParameters();
        reverse(graph, emitter, 0, network);
        reverse = emitter.take();
        gradient = pass.adjoints();
        if (partition != null) {
            tangents(graph, emitter, network);
            emitter.emit(samples.addSlopes(g));
        }
        tangents = emitter.take();
    }

    /**
     * Compiles {@code model}.
     *
     * @param type precision of all arithmetic
     * @param microBatch rows processed at once; 0 picks one from the working set
     * @param partition subsets of the summary, of the model's own layout, or null for a program of losses and gradients
     *     alone
     * @return a program that the caller closes
     * @throws UserError if an op has no rule, shapes do not fit, or the graph lacks a variable that the model names
     */
    public static Program compile(Model model, DType type, int microBatch, Partition partition) {
        return compile(model, type, microBatch, partition, Curvature.HESSIAN);
    }

    /**
     * Compiles {@code model} for summaries with a curvature.
     *
     * @param type precision of all arithmetic
     * @param microBatch rows processed at once; 0 picks one from the working set
     * @param partition subsets of the summary, of the model's own layout, or null for a program of losses and gradients alone
     * @param curvature of summaries
     * @return a program that the caller closes
     * @throws UserError as {@link #compile(Model, DType, int, Partition)}; and for GGN if the loss depends on parameters in other
     *     ways than through one variable from which the output is computed, or linearly on that variable
     */
    public static Program compile(Model model, DType type, int microBatch, Partition partition, Curvature curvature) {
        int batch = microBatch > 0 ? microBatch : automaticBatch(model, type, partition, LARGEST_BATCH);
        Kernels kernels = Backend.installed().kernels(type);
        try {
            return new Program(model, kernels, isScalarLoss(model) ? 1 : batch, partition, curvature);
        } catch (RuntimeException e) {
            throw Closing.after(e, kernels::close);
        }
    }

    /**
     * Checks that a model has summaries with a curvature.
     *
     * @throws UserError as {@link #compile(Model, DType, int, Partition, Curvature)}
     */
    public static void check(Model model, Curvature curvature) {
        if (curvature == Curvature.GGN) {
            graph(model, 2, null).networkOps();
        }
    }

    /** Whether a model has summaries with {@link Curvature#GGN}. */
    public static boolean hasGaussNewton(Model model) {
        return graph(model, 2, null).hasNetwork();
    }

    /**
     * A size of micro-batch whose buffers fit in a share of the cache, and that splits {@code rows} evenly, so that little
     * is spent on filling up the last micro-batch. Of no effect on results but for rounding. A model that mixes rows is not
     * split: its micro-batch is {@code rows}.
     *
     * @param rows most rows of one call
     */
    public static int automaticBatch(Model model, DType type, Partition partition, int rows) {
        if (mixesRows(model)) {
            return Math.max(1, rows);
        }
        ProgramGraph one = graph(model, 1, partition);
        long row = one.elements() * type.bytes();
        double weights = model.layout().size();
        double reuse = Math.min(1, weights / Math.max(1, one.multiplyAdds()));
        Backend.Hints hints = Backend.installed().hints();
        double least = Math.max(hints.denseRows() / one.meanDirections() * reuse, weights / WEIGHTS_PER_ROW);
        double most = Math.max(8, Math.max(Math.min(hints.denseRows(), least), hints.workingSet() / Math.max(1, row)));
        return evenly(Math.max(1, rows), (int) Math.min(LARGEST_BATCH, most));
    }

    /**
     * Bytes of native memory that a program compiled by {@link #compile} will hold at least, without compiling it: what
     * {@link #bytes} counts, but for what single ops need besides their values, which is up to about as much again.
     *
     * @param microBatch rows processed at once, at least 1
     * @param partition subsets of the summary, or null for a program of losses and gradients
     */
    public static long estimatedBytes(Model model, DType type, int microBatch, Partition partition) {
        ProgramGraph graph = graph(model, isScalarLoss(model) ? 1 : microBatch, partition);
        return graph.elementsHeld() * type.bytes();
    }

    /** A model's graph, of the ops that are installed. */
    static ProgramGraph graph(Model model, int batch, Partition partition) {
        return new ProgramGraph(model, batch, partition, BuiltInOps.installed());
    }

    /** Whether a value of one row depends on other rows. */
    public static boolean mixesRows(Model model) {
        return RowAxes.of(graph(model, 2, null)).mixes();
    }

    /**
     * Shapes of all variables that a model computes or reads, by name: placeholders, parameters, constants that are read, and
     * what ops compute; a new map.
     *
     * @param rows of the first axis of features and targets
     * @throws UserError if an op has no rule or shapes do not fit
     */
    public static Map<String, int[]> variableShapes(Model model, int rows) {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        graph(model, rows, null).nodes().forEach((name, node) -> shapes.put(name, node.shape.clone()));
        return shapes;
    }

    /** The least micro-batch that takes {@code rows} in as few calls as micro-batches of {@code most}. */
    private static int evenly(int rows, int most) {
        int times = (rows + most - 1) / most;
        return (rows + times - 1) / times;
    }

    static boolean isScalarLoss(Model model) {
        ProgramGraph graph = graph(model, 2, null);
        boolean scalar = Shapes.length(graph.node(model.loss()).shape) == 1;
        if (scalar && RowAxes.of(graph).mixes()) {
            throw new UserError("model: loss '" + model.loss()
                    + "' is one number and rows of a batch depend on each other, expected one loss for each sample");
        }
        return scalar;
    }

    /** Of the first {@code network} ops first tangents alone: second ones are taken to be 0 there, and adjoints are not read. */
    private static void tangents(ProgramGraph graph, Emitter emitter, int network) {
        for (int i = 0; i < graph.ops().size(); i++) {
            Op op = graph.ops().get(i);
            emitter.useFirstTangentsAlone(i < network);
            if (op.output().active) {
                if (i < network) {
                    op.rule().firstTangents(op, emitter);
                } else {
                    op.rule().tangents(op, emitter);
                }
                emitter.release(i, graph.nodes().values());
            }
        }
    }

    private static void reverse(ProgramGraph graph, Emitter emitter, int from, int to) {
        for (int i = to - 1; i >= from; i--) {
            Op op = graph.ops().get(i);
            if (op.output().active) {
                op.rule().reverse(op, emitter);
            }
        }
    }

    /** Rows processed at once. */
    public int microBatch() {
        return batch;
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

    /**
     * Copies the direction u [P] in; zero before the first call, and of no use without a partition.
     *
     * @throws IllegalArgumentException if the length is not P
     */
    @Override
    public void setDirection(RawArray direction) {
        pass.setDirection(direction);
    }

    /**
     * Switches dropout on in {@link #gradient} and {@link #summary}. Masks are a function of the seed, the op, the row's index in
     * the shard and the element alone: the same for all calls and any micro-batch until the next seed. Callers with several
     * shards give each another seed.
     */
    @Override
    public void setSeed(long seed) {
        samples.dropout().seed(seed);
    }

    /** Makes dropout the identity again. */
    @Override
    public void clearSeed() {
        samples.dropout().unseed();
    }

    /**
     * Loss and correct predictions over {@code rows} of {@code shard}.
     *
     * @throws IllegalArgumentException here and below if rows have another length than the model reads, or a class index
     *     is out of range
     */
    public LossSum loss(Shard shard, int[] rows) {
        pass.begin();
        for (int from = 0; from < rows.length; from += batch) {
            pass.run(shard, rows, from, false);
            pass.addLosses();
        }
        return pass.end();
    }

    /** The model's output variable for {@code rows}, [rows.length, output length] flat; a new array. */
    public RawArray outputs(Shard shard, int[] rows) {
        RawArray outputs = RawArray.zeros(type, rows.length * samples.outputLength());
        for (int from = 0; from < rows.length; from += batch) {
            int count = pass.run(shard, rows, from, false);
            kernels.synchronise();
            samples.addOutputs(outputs, from, count);
        }
        return outputs;
    }

    /**
     * Means over the rows of micro-batches that the graph takes, without dropout.
     *
     * @param names of their variables
     */
    public MeanSums means(Shard shard, int[] rows, List<String> names) {
        double[] values = new double[pass.length(names)];
        double[] squares = new double[values.length];
        for (int from = 0; from < rows.length; from += batch) {
            int count = pass.run(shard, rows, from, false);
            kernels.synchronise();
            double[] means = pass.values(names);
            for (int i = 0; i < means.length; i++) {
                values[i] += count * means[i];
                squares[i] += count * means[i] * means[i];
            }
        }
        return new MeanSums(rows.length, values, squares);
    }

    /** Loss and gradient [P] summed over {@code rows}; a new array in the program's precision. */
    public GradientSum gradient(Shard shard, int[] rows) {
        gradient.clear();
        pass.begin();
        for (int from = 0; from < rows.length; from += batch) {
            pass.run(shard, rows, from, true);
            reverse.forEach(Kernel::run);
            gradient.add();
            pass.addLosses();
        }
        LossSum sum = pass.end();
        return new GradientSum(sum, gradient.take());
    }

    /**
     * Derivative summary over {@code rows} at the parameters and direction last set, with the {@link Curvature} compiled for; sums in
     * double precision.
     *
     * @throws IllegalStateException if the program was compiled without a partition
     */
    public DerivativeSummary summary(Shard shard, int[] rows) {
        if (partition == null) {
            throw new IllegalStateException("the program was compiled without a partition");
        }
        sums.reset();
        g.clear();
        pass.begin();
        for (int from = 0; from < rows.length; from += batch) {
            pass.run(shard, rows, from, true);
            adjoints.forEach(Kernel::run);
            tangents.forEach(Kernel::run);
            pass.addLosses();
        }
        LossSum sum = pass.end();
        return new DerivativeSummary(sum.samples(), sum.loss(), g.toDoubles(), sums.h(), sums.order3());
    }

    /** Frees the native buffers. */
    @Override
    public void close() {
        kernels.close();
    }
}
